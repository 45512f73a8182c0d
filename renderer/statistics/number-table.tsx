export interface NumberRow {
  readonly key: string;
  readonly name: string;
  readonly values: readonly string[];
}

interface NumberTableProps {
  /** Heads of the columns: the first of the rows' names, the others of numbers. */
  readonly heads: readonly string[];
  readonly rows: readonly NumberRow[];
  /** What is left out. */
  readonly rest?: string | undefined;
}

/** Names and numbers. */
export function NumberTable({ heads, rows, rest }: NumberTableProps) {
  return (
    <table>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, values }) => (
          <tr key={key}>
            <th scope="row" className="ellipsis" title={name}>
              {name}
            </th>
            {values.map((value, i) => (
              <td key={heads[i + 1]}>{value}</td>
            ))}
          </tr>
        ))}
        {rest === undefined || rest === '' ? null : (
          <tr>
            <td colSpan={heads.length} className="statistics-rest">
              {rest}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
