import { useMemo } from "preact/hooks";
import { t } from "../../i18n";
import type { KeptPhoto } from "../../pod/draft";
import { feedback } from "../../scan/feedback";
import { NotSaved, prepareBlob } from "../../sync";
import { Button, type Photo, PhotoButton, PhotoStrip, Prompt, toast } from "../../ui";
import { type StepProps, StepScreen } from "./step";

/** As many as a record may name of one kind. */
const MOST_PHOTOS = 6;

/** Photos of the goods or the door. A phone without a working camera is no reason to stand still. */
export function PhotoStep(props: StepProps) {
  const must = props.policy.photo === "mandatory";
  const either = props.policy.photo === "one_of";
  return (
    <Photos
      {...props}
      of=""
      title={t("driver.photoTitle")}
      hint={t(must ? "driver.photoMust" : either ? "driver.photoOrSign" : "driver.photoMay")}
    />
  );
}

/** The slip of paper that was signed, stamped or written on. */
export function SlipStep(props: StepProps) {
  return <Photos {...props} of="slip" title={t("driver.slipTitle")} hint={t("driver.slipHint")} />;
}

function Photos(props: StepProps & { of: string; title: string; hint: string }) {
  const { photos, of, title, hint, setPhotos } = props;
  const mine = photos.filter(photo => photo.of === of);
  // Those of a line count as well: nobody should wonder where they are, and take them again.
  const ofLines = of === "" ? photos.filter(photo => /^\d+$/.test(photo.of)) : [];
  return (
    <StepScreen
      {...props}
      title={title}
      more={
        <PhotoButton
          onPhoto={photo => takePhoto(props, photo, of)}
          disabled={mine.length >= MOST_PHOTOS}
          {...(mine.length > 0 && { label: t("ui.takeAnotherPhoto") })}
        />
      }
    >
      <Prompt icon="camera">{hint}</Prompt>
      <Strip photos={[...ofLines, ...mine]} />
      {mine.length > 0 && (
        <Button icon="delete" onClick={() => void setPhotos(photos.filter(p => p.of !== of))}>
          {t("driver.removePhotos")}
        </Button>
      )}
    </StepScreen>
  );
}

export function Strip({ photos }: { photos: readonly KeptPhoto[] }) {
  const shown = useMemo(
    () => photos.map(({ bytes }): Photo => ({ bytes, type: "image/jpeg", width: 0, height: 0 })),
    [photos.map(photo => photo.sha256).join()],
  );
  return <PhotoStrip photos={shown} />;
}

type Taking = Pick<StepProps, "photos" | "setPhotos" | "draft" | "change">;

/** Keeps a photo `of` something; one that finds no room is a recorded reason. */
export async function takePhoto(taking: Taking, photo: Photo, of: string): Promise<void> {
  const { photos, setPhotos, draft, change } = taking;
  const blob = await prepareBlob(photo.bytes, photo.type, "photo");
  try {
    await setPhotos([...photos, { ...blob, of }]);
    feedback("right");
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    toast(t("driver.photoFull"), { tone: "wrong" });
    const method = of === "slip" ? "slip" : "photo";
    change({ relaxed: { ...draft.relaxed, [method]: "no_space" } });
  }
}
