import { useMemo, useState } from "preact/hooks";
import { t } from "../../i18n";
import { feedback } from "../../scan/feedback";
import { prepareBlob } from "../../sync";
import { Button, Dialog, type Photo, PhotoButton, PhotoStrip, Prompt, toast } from "../../ui";
import { type StepProps, StepScreen } from "./step";

const MOST_PHOTOS = 6;

/** Photos of the goods or the door. A phone without a working camera is no reason to stand still. */
export function PhotoStep(props: StepProps) {
  const { photos, policy, change, setPhotos } = props;
  const [asking, setAsking] = useState(false);
  const must = policy.photo === "must";
  const shown = useMemo(
    () => photos.map(({ bytes }): Photo => ({ bytes, type: "image/jpeg", width: 0, height: 0 })),
    [photos],
  );
  const take = async (photo: Photo) => {
    const blob = await prepareBlob(photo.bytes, photo.type, "photo");
    try {
      await setPhotos([...photos, blob]);
      feedback("right");
    } catch {
      toast(t("driver.photoFull"), { tone: "wrong" });
      change({ noPhoto: true });
    }
  };
  const without = () => {
    setAsking(false);
    change({ noPhoto: true, step: props.policy.receiver === "off" ? "check" : "receiver" });
  };
  return (
    <StepScreen
      {...props}
      title={t("driver.photoTitle")}
      more={
        <>
          {must && photos.length === 0 && (
            <Button data-testid="no-photo" onClick={() => setAsking(true)}>
              {t("driver.noPhoto")}
            </Button>
          )}
          <PhotoButton
            onPhoto={take}
            disabled={photos.length >= MOST_PHOTOS}
            {...(photos.length > 0 && { label: t("ui.takeAnotherPhoto") })}
          />
        </>
      }
    >
      <Prompt icon="camera">{t(must ? "driver.photoMust" : "driver.photoMay")}</Prompt>
      <PhotoStrip photos={shown} />
      {photos.length > 0 && (
        <Button icon="delete" onClick={() => void setPhotos([])}>
          {t("driver.removePhotos")}
        </Button>
      )}
      {asking && (
        <Dialog
          title={t("driver.noPhotoTitle")}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button kind="primary" onClick={() => setAsking(false)}>
                {t("common.back")}
              </Button>
              <Button kind="danger" data-testid="without-photo" onClick={without}>
                {t("driver.noPhotoYes")}
              </Button>
            </>
          }
        >
          <p>{t("driver.noPhotoText")}</p>
        </Dialog>
      )}
    </StepScreen>
  );
}
