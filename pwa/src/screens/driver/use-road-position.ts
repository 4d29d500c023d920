import { useEffect } from "preact/hooks";
import { onRoadAt } from "../../sync";

/** The network's guess is good enough for a map of a town, and spares the battery. */
const OPTIONS: PositionOptions = { enableHighAccuracy: false, maximumAge: 30_000 };

/** Tells the site where the van is, from when it has left until the screen is closed. */
export function useRoadPosition(hasLeft: boolean): void {
  useEffect(() => {
    if (!hasLeft || !navigator.geolocation) return undefined;
    const take = ({ coords: { latitude, longitude } }: GeolocationPosition) => {
      if (![latitude, longitude].every(Number.isFinite)) return;
      onRoadAt.value = { lat_e7: Math.round(latitude * 1e7), lon_e7: Math.round(longitude * 1e7) };
    };
    const forget = () => {
      onRoadAt.value = null;
    };
    const watch = navigator.geolocation.watchPosition(take, forget, OPTIONS);
    return () => {
      navigator.geolocation.clearWatch(watch);
      forget();
    };
  }, [hasLeft]);
}
