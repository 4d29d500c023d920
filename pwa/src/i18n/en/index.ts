import { acting } from "./acting";
import { admin } from "./admin";
import { audit } from "./audit";
import { auth } from "./auth";
import { board } from "./board";
import { carriers } from "./carriers";
import { common } from "./common";
import { desk } from "./desk";
import { driver } from "./driver";
import { errors } from "./errors";
import { events } from "./events";
import { exceptions } from "./exceptions";
import { floor } from "./floor";
import { insight } from "./insight";
import { loading } from "./loading";
import { notices } from "./notices";
import { ops } from "./ops";
import { packer } from "./packer";
import { papers } from "./papers";
import { picker } from "./picker";
import { printing } from "./printing";
import { reports } from "./reports";
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

/** The source of keys: one file an area, so that areas grow without conflicts. */
export const en = {
  common,
  ui,
  settings,
  audit,
  auth,
  floor,
  insight,
  picker,
  packer,
  driver,
  carriers,
  loading,
  printing,
  papers,
  board,
  reports,
  desk,
  sign,
  stock,
  supervisor,
  acting,
  runs,
  service,
  admin,
  track,
  notices,
  survey,
  events,
  errors,
  exceptions,
  ops,
  voice,
};
