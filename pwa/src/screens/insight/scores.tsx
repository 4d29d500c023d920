import { t } from "../../i18n";
import { navigate } from "../../router";
import { Card, type Column, Table } from "../../ui";
import { type Asked, address, only, path } from "./address";
import type { Scores } from "./types";
import { useAnswer } from "./use-answer";
import { memberWords, nameOf, valueWords } from "./words";

const FIGURES = ["delivered", "on_time", "completion", "accuracy", "cycle", "returns"] as const;

/** Carriers laid side by side. */
export function SideBySide({ what }: { what: Asked }) {
  const { body } = useAnswer<{ members: Scores[] }>(path(what, "scores", { of: "carrier" }));
  const columns: Column<Scores>[] = [
    {
      key: "member",
      title: t("insight.of.carrier"),
      cell: carrier => memberWords("carrier", carrier.member),
      sortBy: carrier => memberWords("carrier", carrier.member),
    },
    ...FIGURES.map(
      (figure): Column<Scores> => ({
        key: figure,
        title: nameOf(figure),
        align: "end",
        cell: carrier => valueWords(figure, carrier.scores[figure]?.value ?? null),
        sortBy: carrier => carrier.scores[figure]?.value ?? Number.NEGATIVE_INFINITY,
      }),
    ),
  ];
  return (
    <Card title={t("insight.carriers")}>
      <Table
        columns={columns}
        rows={body?.members ?? []}
        rowKey={carrier => carrier.member}
        empty={t("insight.noMembers")}
        onOpen={carrier => navigate(address(only(what, "carrier", carrier.member)))}
      />
    </Card>
  );
}
