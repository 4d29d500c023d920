import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { submit } from "../../sync";
import { announce, Button, Dialog, Field } from "../../ui";
import { refusalWords } from "../desk/ask";
import { addressLine, edited, FIELDS, LONGEST, mayReaddress } from "./address-text";
import type { OrderStory } from "./story-types";

/** Sends an order elsewhere, as long as its goods are here. */
export function AddressButton({ order }: { order: OrderStory }) {
  const [asking, setAsking] = useState(false);
  if (!mayReaddress(order.state)) return null;
  return (
    <>
      <Button data-testid="change-address" onClick={() => setAsking(true)}>
        {t("service.changeAddress")}
      </Button>
      {asking && <ChangeAddress order={order} onClose={() => setAsking(false)} />}
    </>
  );
}

function ChangeAddress({ order, onClose }: { order: OrderStory; onClose: () => void }) {
  const [seen, setSeen] = useState(order.ship_to);
  const [address, setAddress] = useState(order.ship_to);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const isOld = addressLine(order.ship_to) !== addressLine(seen);
  const go = async () => {
    setBusy(true);
    const ship_to = edited(seen, address);
    const body = { order: order.id, seen, ship_to, reason: reason.trim() };
    const problem = refusalWords(await submit("orders.change_address", body));
    setBusy(false);
    setRefused(problem);
    if (problem) return;
    announce(t("service.addressChanged", { number: order.number }));
    onClose();
  };
  const takeNewer = () => {
    setSeen(order.ship_to);
    setAddress(order.ship_to);
    setRefused(undefined);
  };
  return (
    <Dialog
      title={t("service.changeAddressOf", { number: order.number })}
      onClose={onClose}
      actions={
        <>
          <Button
            kind="primary"
            data-testid="save-address"
            disabled={busy || reason.trim() === "" || isOld}
            onClick={() => void go()}
          >
            {t("service.changeAddress")}
          </Button>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
        </>
      }
    >
      <div class="stack">
        <p>{t("service.addressHint")}</p>
        {isOld && (
          <div class="stack" role="alert" data-testid="newer-address">
            <p>{t("service.addressNewer", { address: addressLine(order.ship_to) })}</p>
            <Button onClick={takeNewer}>{t("service.addressTake")}</Button>
          </div>
        )}
        {FIELDS.map(name => (
          <Field
            key={name}
            label={t(`service.to_${name}`)}
            value={address[name] ?? ""}
            onInput={value => setAddress({ ...address, [name]: value })}
            maxLength={LONGEST}
            name={name}
            type={name === "phone" ? "tel" : name === "email" ? "email" : "text"}
          />
        ))}
        <Field
          label={t("desk.reason")}
          hint={t("service.addressWhy")}
          value={reason}
          onInput={setReason}
          maxLength={120}
          error={refused}
          name="reason"
        />
      </div>
    </Dialog>
  );
}
