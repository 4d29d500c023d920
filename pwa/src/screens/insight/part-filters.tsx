import { t } from "../../i18n";
import { navigate } from "../../router";
import { Select } from "../../ui";
import { type Asked, address, type Dimension, only } from "./address";
import type { Choice } from "./types";
import { useAnswer } from "./use-answer";
import { dimensionWord, memberWords } from "./words";

interface Choices {
  members: Record<string, Choice[]>;
}

/** One member of each dimension, or all of them. Of customers there are too many to choose from: a
 * customer is chosen where a figure is told apart. */
export function PartFilters({ what }: { what: Asked }) {
  const { body, problem } = useAnswer<Choices>("/api/insights/choices");
  if (problem) return <p role="alert">{problem}</p>;
  if (!body) return <p role="status">{t("common.loading")}</p>;
  const choosable = Object.entries(body.members).filter(
    ([dimension, known]) => known.length > 0 || what.where[dimension as Dimension],
  );
  if (choosable.length === 0) return <p>{t("insight.noMembers")}</p>;
  return (
    <div class="toolbar">
      {choosable.map(([dimension, known]) => (
        <Select
          key={dimension}
          label={dimensionWord(dimension)}
          value={what.where[dimension as Dimension] ?? ""}
          onChange={member => navigate(address(only(what, dimension, member)))}
          options={options(dimension, known, what.where[dimension as Dimension])}
        />
      ))}
    </div>
  );
}

function options(dimension: string, known: readonly Choice[], chosen: string | undefined) {
  const all = { value: "", label: t("insight.all") };
  const each = known.map(({ member, name }) => ({
    value: member,
    label: memberWords(dimension, member, name),
  }));
  const isKnown = !chosen || known.some(({ member }) => member === chosen);
  const other = isKnown ? [] : [{ value: chosen, label: memberWords(dimension, chosen) }];
  return [all, ...each.toSorted((a, b) => a.label.localeCompare(b.label)), ...other];
}
