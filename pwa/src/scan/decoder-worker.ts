/** The decoder's worker: loads the reader, then answers one picture after another. */
import { prepareZXingModule } from "zxing-wasm/reader";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";
import type { Answer, Question } from "./decoder";
import { readCodes } from "./reading";

const answer = (message: Answer) => postMessage(message);
const fail = (failure: unknown) => answer({ failed: String(failure) });

addEventListener("message", ({ data: { picture, pass } }: MessageEvent<Question>) => {
  readCodes(picture, pass).then(codes => answer({ codes }), fail);
});

const locateFile = (path: string, prefix: string) =>
  path.endsWith(".wasm") ? wasmUrl : prefix + path;
prepareZXingModule({ overrides: { locateFile }, fireImmediately: true }).then(
  () => answer("ready"),
  fail,
);
