import { t } from "../../i18n";
import { navigate } from "../../router";
import { type Column, Table } from "../../ui";
import { type Asked, address, membersPath, narrowed, only } from "./address";
import type { Member } from "./types";
import { useAnswer } from "./use-answer";
import { dimensionWord, madeOf, memberWords, nameOf, periodWords, valueWords } from "./words";

interface MembersProps {
  what: Asked;
  figure: string;
  of: string;
}

/** A figure member by member; each leads to the figure of that member alone. */
export function Members({ what, figure, of }: MembersProps) {
  const asked = membersPath(what, of);
  const { body, problem, busy } = useAnswer<{ members: Member[]; since: string }>(asked);
  if (problem) return <p role="alert">{problem}</p>;
  if (!body || busy) return <p role="status">{t("common.loading")}</p>;
  const columns: Column<Member>[] = [
    {
      key: "member",
      title: dimensionWord(of),
      cell: member => memberWords(of, member.member, member.name),
      sortBy: member => memberWords(of, member.member, member.name),
    },
    {
      key: "value",
      title: nameOf(figure),
      align: "end",
      cell: member => valueWords(figure, member.worth.value),
      sortBy: member => member.worth.value ?? Number.NEGATIVE_INFINITY,
    },
    {
      key: "made",
      title: t("insight.madeOf"),
      align: "end",
      cell: member => madeOf(figure, member.worth),
      sortBy: member => member.worth.bottom || member.worth.top,
    },
  ];
  return (
    <div class="insight-members" data-testid="members">
      {body.since && (
        <p class="soft">{t("insight.since", { day: periodWords(body.since, "day") })}</p>
      )}
      {of === "customer" && narrowed(what).length === 0 && (
        <p class="soft">{t("insight.customersNote")}</p>
      )}
      <Table
        columns={columns}
        rows={body.members}
        rowKey={member => member.member}
        empty={t("insight.noMembers")}
        onOpen={member => navigate(address({ ...only(what, of, member.member), of: "" }))}
      />
    </div>
  );
}
