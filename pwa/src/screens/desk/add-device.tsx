import { useState } from "preact/hooks";
import { thisDevice } from "../../auth";
import { formatDuration, t } from "../../i18n";
import type { RouteProps } from "../../router";
import { now } from "../../shell";
import { Button, Card, QrShow } from "../../ui";
import { ask } from "./ask";
import { DeviceTable, useDevices } from "./device-table";
import { Desk } from "./frame";

interface Code {
  code: string;
  /** ms */
  expires: number;
  url: string;
  qr: readonly string[];
}

/** A one-time code that makes another browser a device of this site. */
export function AddDevice(_: RouteProps) {
  const [code, setCode] = useState<Code & { known: ReadonlySet<string> }>();
  const [problem, setProblem] = useState<string>();
  const devices = useDevices();
  const make = async () => {
    const known = new Set(devices.map(({ id }) => id));
    const made = await ask<Code>("/auth/codes", { site: (await thisDevice())?.site ?? "" });
    setProblem(made.ok ? undefined : made.words);
    if (made.ok) setCode({ ...made.body, known });
  };
  const joined = code && devices.find(({ id }) => !code.known.has(id));
  return (
    <Desk view="addDevice">
      <Card title={t("supervisor.addDeviceTitle")} class="add-device">
        {code && !joined && code.expires > now.value ? (
          <ShownCode code={code} />
        ) : (
          <div class="stack">
            {joined && (
              <p role="status">
                <strong>{t("supervisor.deviceJoined", { device: joined.name })}</strong>
              </p>
            )}
            {code && !joined && <p role="status">{t("supervisor.codeExpired")}</p>}
            <p>{t("supervisor.addDeviceHint")}</p>
            {problem && <p role="alert">{problem}</p>}
            <Button kind="primary" onClick={() => void make()}>
              {t("supervisor.makeCode")}
            </Button>
          </div>
        )}
      </Card>
      <DeviceTable />
    </Desk>
  );
}

function ShownCode({ code }: { code: Code }) {
  const left = formatDuration(code.expires - now.value);
  return (
    <div class="code-shown">
      <QrShow matrix={code.qr} label={t("supervisor.scanThis")} />
      <div class="stack">
        <p>{t("supervisor.codeSteps")}</p>
        <p class="code big-code" data-testid="code">
          {code.code}
        </p>
        <p class="soft">{t("supervisor.codeLeft", { age: left })}</p>
        <p class="soft code">{code.url.replace(/\/?#.*$/, "")}</p>
      </div>
    </div>
  );
}
