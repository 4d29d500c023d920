import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { navigate, type RouteProps } from "../../router";
import { feedback } from "../../scan/feedback";
import { dispatch, type PreparedBlob, prepareBlob, useRow, useRows } from "../../sync";
import { Button, Card, PhotoButton, Prompt, Screen, toast } from "../../ui";
import { Strip } from "../driver/photo-step";
import { Stepper } from "../driver/stepper";

const MOST_PHOTOS = 6;
const MOST_PIECES = 1_000_000;

/** What came back is counted, photographed and put into inspection. */
export function TakeIn({ params }: RouteProps) {
  const id = params.rma ?? "";
  const rma = useRow("rma", id);
  const lines = useRows("rma_line", line => line.rma === id);
  const [counted, setCounted] = useState<Readonly<Record<number, number>>>({});
  const [photos, setPhotos] = useState<readonly PreparedBlob[]>([]);
  if (!rma)
    return (
      <Screen title={t("stock.returnGone")} back="/returns">
        <p role="alert">{t("stock.returnGoneHint")}</p>
      </Screen>
    );
  const take = async () => {
    const told = lines.map(({ no, sku, back }) => ({ no, sku, qty: counted[no] ?? back }));
    const refs = photos.map(photo => photo.ref);
    await dispatch("returns.receive_return", { rma: id, lines: told, photos: refs }, photos);
    feedback("done");
    toast(t("stock.takenIn", { number: rma.number }));
    navigate("/returns", { replace: true });
  };
  return (
    <Screen
      title={rma.number}
      subtitle={t("driver.order", { number: rma.order_number })}
      back="/returns"
      actions={
        <>
          <PhotoButton
            disabled={photos.length >= MOST_PHOTOS}
            onPhoto={async photo =>
              setPhotos([...photos, await prepareBlob(photo.bytes, photo.type, "photo")])
            }
          />
          <Button kind="primary" icon="check" data-testid="take-in" onClick={() => void take()}>
            {t("stock.takeIn")}
          </Button>
        </>
      }
    >
      <Prompt icon="box">{t("stock.returnHint")}</Prompt>
      {[...lines]
        .sort((a, b) => a.no - b.no)
        .map(line => (
          <Card key={line.no}>
            <div class="stack">
              <div>
                <strong>{line.name}</strong>
                <div class="soft">{line.sku}</div>
              </div>
              <Stepper
                sku={line.sku}
                value={counted[line.no] ?? line.back}
                most={Math.max(line.back, 0)}
                limit={MOST_PIECES}
                label={t("stock.returnCounted", { sku: line.sku })}
                testId="here"
                onChange={qty => setCounted({ ...counted, [line.no]: qty })}
              />
            </div>
          </Card>
        ))}
      <Strip photos={photos.map(photo => ({ ...photo, of: "" }))} />
    </Screen>
  );
}
