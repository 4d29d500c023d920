/** Every component in its states, for development and pictures of it. Not part of a usual build. */
import { navigate, type Routes } from "../router";
import { connection, mayUpdate, now, oldestUnsent, person, unsent } from "../shell";
import { List, ListItem, Screen } from "../ui";
import { deskPages } from "./desk";
import { floorPages } from "./floor";
import { partPages } from "./parts";

const pages: Routes = { ...floorPages, ...partPages, ...deskPages };

function Contents() {
  return (
    <Screen title="Gallery">
      <List>
        {Object.keys(pages).map(name => (
          <ListItem key={name} title={name} onClick={() => navigate(`/gallery/${name}`)} />
        ))}
      </List>
    </Screen>
  );
}

const MINUTE = 60_000;
const isOffline = location.hash.includes("offline");
connection.value = isOffline
  ? { online: false, since: new Date(2026, 0, 5, 14, 2).getTime() }
  : { online: true };
unsent.value = isOffline ? 12 : 0;
oldestUnsent.value = isOffline ? now.value - 47 * MINUTE : null;
// The outbox decides this in earnest.
mayUpdate.value = location.hash.includes("may-update");
person.value = { id: "17", name: "Mei Lin", roles: ["picker", "packer", "supervisor"] };

export const routes: Routes = { "": Contents, ...pages };
