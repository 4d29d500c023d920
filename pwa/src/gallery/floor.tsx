import { useEffect, useState } from "preact/hooks";
import type { Routes } from "../router";
import { feedback, type Outcome } from "../scan/feedback";
import { scans } from "../scan/sources";
import { useScans } from "../scan/use-scans";
import {
  BarButton,
  BigInstruction,
  Button,
  Dialog,
  FullStop,
  isSigned,
  Keypad,
  List,
  ListItem,
  ManualEntry,
  NextStop,
  type Photo,
  PhotoButton,
  PhotoStrip,
  Progress,
  Prompt,
  Screen,
  SignaturePad,
  type Step,
  type Strokes,
  toast,
} from "../ui";

const LINE = {
  where: "A-03-02",
  whereDetail: "Aisle A, left, second shelf",
  what: "Oolong tea, loose leaf, 250 g tin",
  quantity: 4,
  unit: "tins",
};

function Pick({ step, counted = 0 }: { step: Step; counted?: number }) {
  const prompts: Record<Step, string> = {
    where: "Scan the bin A-03-02",
    what: "Scan the item",
    quantity: "Scan each one, or type how many",
    finished: "Done",
  };
  return (
    <Screen
      title="Pick T-4031"
      subtitle="2026-EC-123456 · due 15:30"
      back="/gallery"
      trailing={<BarButton icon="undo" label="Undo" onClick={() => {}} />}
      actions={
        <>
          <ManualEntry hint="The three check digits under the code." />
          <div class="pair">
            <Button icon="warn">Problem</Button>
            <Button kind="primary" icon="keys">
              Quantity
            </Button>
          </div>
        </>
      }
    >
      <Progress done={3} total={12} />
      <Prompt>{prompts[step]}</Prompt>
      <BigInstruction
        {...LINE}
        step={step}
        counted={counted}
        whatDetail={
          <>
            <span class="code">TEA-OOL-250</span> · lot B2291 · use by 31 Dec 2026
          </>
        }
      />
      <NextStop place="A-04-11" />
    </Screen>
  );
}

function Wrong() {
  const [stopped, setStopped] = useState(true);
  return (
    <>
      <Pick step="what" />
      {stopped && (
        <FullStop
          title="Wrong lot"
          expected="Oolong tea 250 g · lot B2291"
          scanned="Oolong tea 250 g · lot B1870, expired 3 Jan 2026"
          actions={<Button icon="warn">Report a problem</Button>}
          onClose={() => setStopped(false)}
        />
      )}
    </>
  );
}

function Pin({ masked }: { masked: boolean }) {
  const [value, setValue] = useState(masked ? "4821" : "12");
  return (
    <Screen
      title={masked ? "Good morning, Mei Lin" : "How many?"}
      back="/gallery"
      actions={
        <Keypad
          label={masked ? "Your PIN" : "Quantity"}
          value={value}
          onChange={setValue}
          onSubmit={() => setValue("")}
          masked={masked}
          autoFocus={masked}
          decimal={!masked}
          submitLabel={masked ? "Sign in" : "Confirm"}
        />
      }
    >
      <Prompt icon="keys">{masked ? "Type your PIN" : "Oolong tea, tins of 250 g"}</Prompt>
    </Screen>
  );
}

function Sign() {
  const [strokes, setStrokes] = useState<Strokes>([]);
  return (
    <Screen
      title="Receiver signs"
      back="/gallery"
      actions={
        <Button kind="primary" disabled={!isSigned(strokes)}>
          Accept
        </Button>
      }
    >
      <p>Received in full: 3 cartons, 2026-EC-123456.</p>
      <SignaturePad strokes={strokes} onChange={setStrokes} label="Chen Wei signs here" />
      <output class="unseen" data-testid="strokes">
        {JSON.stringify(strokes)}
      </output>
    </Screen>
  );
}

function Photos() {
  const [photos, setPhotos] = useState<Photo[]>([]);
  return (
    <Screen title="What is damaged?" back="/gallery">
      <PhotoStrip photos={photos} />
      <PhotoButton onPhoto={photo => setPhotos([...photos, photo])} />
      <output class="unseen" data-testid="photo">
        {photos.map(photo => `${photo.width}x${photo.height}:${photo.bytes.byteLength}`).join(" ")}
      </output>
    </Screen>
  );
}

function Scans() {
  const [seen, setSeen] = useState<string[]>([]);
  useScans(scan => {
    setSeen(before => [...before, JSON.stringify(scan.raw)]);
    feedback("right");
  });
  return (
    <Screen title="Scans" back="/gallery" actions={<ManualEntry />}>
      <p>Waiting: {scans.waiting}</p>
      <List empty="Scan something.">
        {seen.map((raw, index) => (
          <ListItem key={index} title={<span class="code">{raw}</span>} />
        ))}
      </List>
    </Screen>
  );
}

function Ask() {
  const [open, setOpen] = useState(true);
  return (
    <>
      <Pick step="quantity" counted={2} />
      {open && (
        <Dialog
          title="Is the bin A-03-02 empty now?"
          onClose={() => setOpen(false)}
          actions={
            <>
              <Button kind="primary">Yes, it is empty</Button>
              <Button onClick={() => setOpen(false)}>No, there is more</Button>
            </>
          }
        >
          <p>The books say that you took the last one.</p>
        </Dialog>
      )}
    </>
  );
}

function Answer({ outcome }: { outcome: Outcome }) {
  useEffect(() => {
    feedback(outcome);
    toast("Task A-03-02 was taken back by the supervisor.", { tone: "warn" });
    toast("Picked 4 × Oolong tea", { tone: "right", action: { label: "Undo", run: () => {} } });
  }, [outcome]);
  return <Pick step="quantity" counted={1} />;
}

export const floorPages: Routes = {
  "pick-where": () => <Pick step="where" />,
  "pick-what": () => <Pick step="what" />,
  "pick-quantity": () => <Pick step="quantity" counted={2} />,
  wrong: Wrong,
  pin: () => <Pin masked />,
  quantity: () => <Pin masked={false} />,
  sign: Sign,
  photos: Photos,
  scans: Scans,
  dialog: Ask,
  "answer-right": () => <Answer outcome="right" />,
  "answer-wrong": () => <Answer outcome="wrong" />,
  "answer-done": () => <Answer outcome="done" />,
};
