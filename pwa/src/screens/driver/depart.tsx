import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { dispatch } from "../../sync";
import { Button, Dialog, Field } from "../../ui";
import type { Run } from "./flow";

interface DepartProps {
  run: Run;
  /** Parcels that are not on the vehicle. */
  missing: number;
  onClose: () => void;
  onGone: () => void;
}

/** Asks for the plate, and whether to leave without what is not loaded. */
export function DepartDialog({ run, missing, onClose, onGone }: DepartProps) {
  const [vehicle, setVehicle] = useState(run.vehicle);
  const [error, setError] = useState<string>();
  const go = async () => {
    const plate = vehicle.trim();
    if (plate === "") return setError(t("driver.vehicleMissing"));
    await dispatch("pod.depart", { run: run.id, vehicle: plate });
    feedback("done");
    onGone();
  };
  return (
    <Dialog
      title={t(missing > 0 ? "driver.departMissingTitle" : "driver.departTitle", { n: missing })}
      onClose={onClose}
      actions={
        <>
          <Button
            kind={missing > 0 ? "danger" : "primary"}
            icon="truck"
            data-testid="depart-now"
            onClick={() => void go()}
          >
            {t(missing > 0 ? "driver.departAnyway" : "driver.departNow")}
          </Button>
          <Button onClick={onClose}>{t("driver.keepLoading")}</Button>
        </>
      }
    >
      <div class="stack">
        {missing > 0 && <p role="alert">{t("driver.departMissing")}</p>}
        <Field
          label={t("driver.vehicle")}
          hint={t("driver.vehicleHint")}
          value={vehicle}
          onInput={setVehicle}
          error={error}
          maxLength={20}
          name="vehicle"
          required
        />
      </div>
    </Dialog>
  );
}
