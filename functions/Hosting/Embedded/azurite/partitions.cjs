// Loaded into the table service. For a range of one partition Azurite looks at each row of the whole table; with the
// index on partitions, which it keeps anyway, it looks at those of the partition.
const path = require("path");
const store = require(path.join(path.dirname(process.argv[1]), "persistence", "LokiTableMetadataStore")).default.prototype;

const RANGE = /^PartitionKey eq '((?:[^']|'')*)'(?: and RowKey (?:ge|lt) '(?:[^']|'')*')*$/;

const query = store.queryTableEntities;
store.queryTableEntities = function (context, account, table, options, ...from) {
  const range = RANGE.exec(options.filter ?? "");
  if (!range) {
    return query.call(this, context, account, table, options, ...from);
  }

  const PartitionKey = range[1].replaceAll("''", "'");
  const narrowed = Object.create(this, {
    getEntityCollection: {
      value: (...of) => {
        const rows = this.getEntityCollection(...of);
        return { chain: () => rows.chain().find({ PartitionKey }) };
      },
    },
  });
  return query.call(narrowed, context, account, table, options, ...from);
};
