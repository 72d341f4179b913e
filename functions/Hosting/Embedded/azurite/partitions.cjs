// Loaded into the table service. For a range of one partition Azurite looks at each row of the whole table and sorts what
// it finds; with the indexes that it keeps anyway it looks at the rows of the partition and finds them sorted.
const path = require("path");
const store = require(path.join(path.dirname(process.argv[1]), "persistence", "LokiTableMetadataStore")).default.prototype;

const RANGE = /^PartitionKey eq '((?:[^']|'')*)'((?: and RowKey (?:ge|lt) '(?:[^']|'')*')*)$/;
const BOUND = / and RowKey (ge|lt) '((?:[^']|'')*)'/g;
const unquoted = (text) => text.replaceAll("''", "'");

const query = store.queryTableEntities;
store.queryTableEntities = function (context, account, table, options, ...from) {
  const range = RANGE.exec(options.filter ?? "");
  if (!range) {
    return query.call(this, context, account, table, options, ...from);
  }

  const PartitionKey = unquoted(range[1]);
  const bounds = [...range[2].matchAll(BOUND)].map(([, operator, text]) => [operator, unquoted(text)]);
  const isWithin = ({ RowKey }) => bounds.every(([operator, bound]) => (operator === "ge" ? RowKey >= bound : RowKey < bound));
  const narrowed = Object.create(this, {
    getEntityCollection: {
      value: (...of) => {
        const rows = this.getEntityCollection(...of);
        return { chain: () => rows.chain().find({ PartitionKey }).where(isWithin).simplesort("RowKey", { useJavascriptSorting: true }) };
      },
    },
  });
  return query.call(narrowed, context, account, table, options, ...from);
};
