/** Every module's table; `main.tsx` registers them before the engine starts. */

import { OP_KIND, OP_VERSION } from "../gen/ops";
import { counting } from "./counting";
import { exceptions } from "./exceptions";
import { floor } from "./floor";
import { registerOps } from "./index";
import { moving } from "./moving";
import { notices } from "./notices";
import { orders } from "./orders";
import { packing } from "./packing";
import { picking } from "./picking";
import { pod } from "./pod";
import { reports } from "./reports";
import { returns } from "./returns";
import { catalog, inventory } from "./stock";
import { survey } from "./survey";
import { sync } from "./sync";

export function registerAllOps(): void {
  registerOps(
    {
      ...{ floor, picking, packing, pod, orders, inventory, catalog, moving, counting, returns },
      ...{ exceptions, notices, survey, reports, sync },
    },
    { version: OP_VERSION, kind: OP_KIND },
  );
}
