import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { closed, loadClosed } from "../../pod/closed";
import { navigate, type RouteProps } from "../../router";
import { useRow } from "../../sync";
import { Screen } from "../../ui";
import { Delivery } from "./delivery";

/** The same steps once more; what is said now takes the place of what was said before. */
export function CorrectScreen({ params }: RouteProps) {
  const id = params.stop ?? "";
  const live = useRow("stop", id);
  useEffect(() => void loadClosed(), []);
  const before = closed.value.find(each => each.stop === id);
  const stop = live ?? before?.row;
  const path = `/driver/stop/${encodeURIComponent(id)}`;
  if (!stop || !before?.hash) return <Screen title={t("common.loading")} back={path} />;
  return (
    <Delivery
      stop={{ ...stop, signed: null }}
      back={path}
      corrects={before.hash}
      onDone={() => navigate(path, { replace: true })}
    />
  );
}
