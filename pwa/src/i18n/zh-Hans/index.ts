import { admin } from "./admin";
import { auth } from "./auth";
import { carriers } from "./carriers";
import { common } from "./common";
import { desk } from "./desk";
import { driver } from "./driver";
import { errors } from "./errors";
import { events } from "./events";
import { floor } from "./floor";
import { loading } from "./loading";
import { notices } from "./notices";
import { ops } from "./ops";
import { packer } from "./packer";
import { papers } from "./papers";
import { picker } from "./picker";
import { printing } from "./printing";
import { runs } from "./runs";
import { service } from "./service";
import { settings } from "./settings";
import { sign } from "./sign";
import { stock } from "./stock";
import { supervisor } from "./supervisor";
import { survey } from "./survey";
import { track } from "./track";
import { ui } from "./ui";
import { voice } from "./voice";

export const zhHans = {
  common,
  ui,
  settings,
  auth,
  floor,
  picker,
  packer,
  driver,
  carriers,
  loading,
  printing,
  papers,
  desk,
  sign,
  stock,
  supervisor,
  runs,
  service,
  admin,
  track,
  notices,
  survey,
  events,
  errors,
  ops,
  voice,
};
