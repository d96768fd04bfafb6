// Publications and subscriptions.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>

#include "harness/base/text.h"
#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

namespace {

void ask_for_publications(Reader& reader) {
  const int version = reader.server_version();
  const auto contents = std::make_shared<std::unordered_map<Oid, std::vector<std::string>>>();
  reader.ask(
      "pg_publication_rel",
      version >= 150000
          ? "SELECT r.prpubid, r.prrelid, pg_catalog.pg_get_expr(r.prqual, r.prrelid), (SELECT "
            "pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM "
            "pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs::int2[])) "
            "FROM pg_catalog.pg_publication_rel r"
          : "SELECT prpubid, prrelid, NULL, NULL FROM pg_catalog.pg_publication_rel",
      [&reader, contents](const CatalogRow& row) {
        const auto found = reader.relations.find(row.oid(1));
        std::string text = "TABLE " + (found == reader.relations.end() ? "?" : found->second.qualified);
        if (!row.null(3)) text += fmt::format(" ({})", row.view(3));
        if (!row.null(2)) text += fmt::format(" WHERE {}", normal_expression(row.view(2)));
        (*contents)[row.oid(0)].push_back(text);
      });
  if (version >= 150000) {
    reader.ask(
        "pg_publication_namespace", "SELECT pnpubid, pnnspid FROM pg_catalog.pg_publication_namespace",
        [&reader, contents](const CatalogRow& row) {
          (*contents)[row.oid(0)].push_back("TABLES IN SCHEMA " + quoted(reader.namespace_of(row.oid(1))));
        });
  }
  reader.ask(
      "pg_publication",
      fmt::format(
          "SELECT oid, pubname, pubowner, puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, {}, {} "
          "FROM pg_catalog.pg_publication",
          version >= 130000 ? "pubviaroot" : "false", version >= 180000 ? "pubgencols = 's'" : "false"),
      [&reader, contents](const CatalogRow& row) {
        const std::string identity = quoted(row.view(1));
        auto& tables = (*contents)[row.oid(0)];
        std::sort(tables.begin(), tables.end());
        std::string definition = row.boolean(3) ? "FOR ALL TABLES" : "FOR " + join(tables, ", ");
        std::vector<std::string> publishes;
        const std::array<const char*, 4> words = {"insert", "update", "delete", "truncate"};
        for (int at = 0; at < 4; ++at) {
          if (row.boolean(4 + at)) publishes.emplace_back(words[static_cast<std::size_t>(at)]);
        }
        definition += fmt::format(" WITH (publish = '{}'{}{})", join(publishes, ", "),
                                  row.boolean(8) ? ", publish_via_partition_root" : "",
                                  row.boolean(9) ? ", publish_generated_columns = stored" : "");
        reader.add({"publication", std::nullopt, row.text(1), identity, definition, ""}, kPublication,
                   row.oid(0));
        reader.add_owner("publication", identity, std::nullopt, row.view(1), row.oid(2));
      });
}

// The columns of the query on pg_subscription.
enum Field {
  kOid,
  kName,
  kOwner,
  kEnabled,
  kSlot,
  kCommit,
  kPublications,
  kBinary,
  kStreaming,
  kTwoPhase,
  kDisableOnError,
  kPasswordRequired,
  kRunAsOwner,
  kOrigin,
  kFailover
};

// Options beyond the first ones are named where they are not what the server's version takes by default.
std::string subscription_options(const CatalogRow& row, int version) {
  std::string options;
  const std::string_view streaming = row.view(kStreaming);
  const bool parallel_by_default = version >= 180000;
  if (row.view(kBinary) == "t") options += ", binary = true";
  if (streaming == "p") {
    options += parallel_by_default ? "" : ", streaming = parallel";
  } else if (streaming == "t") {
    options += ", streaming = on";
  } else if (!row.null(kStreaming) && parallel_by_default) {
    options += ", streaming = off";
  }
  if (!row.null(kTwoPhase) && row.view(kTwoPhase) != "d") options += ", two_phase = true";
  if (row.view(kDisableOnError) == "t") options += ", disable_on_error = true";
  if (row.view(kPasswordRequired) == "f") options += ", password_required = false";
  if (row.view(kRunAsOwner) == "t") options += ", run_as_owner = true";
  if (!row.null(kOrigin) && row.view(kOrigin) != "any") {
    options += fmt::format(", origin = {}", row.view(kOrigin));
  }
  if (row.view(kFailover) == "t") options += ", failover = true";
  return options;
}

void ask_for_subscriptions(Reader& reader) {
  const int version = reader.server_version();
  const auto since = [&](int first, const char* column) {
    return version >= first ? reader.readable(column) : std::string("NULL");
  };
  const bool hidden = reader.readable("oid") == "NULL" || reader.readable("subsynccommit") == "NULL";
  // Without the connection string, which holds a password.
  reader.ask(
      "pg_subscription",
      fmt::format("SELECT {}, subname, subowner, subenabled, subslotname, {}, subpublications::text, {}, {}, "
                  "{}, {}, {}, {}, {}, {} FROM pg_catalog.pg_subscription WHERE subdbid = (SELECT oid FROM "
                  "pg_catalog.pg_database WHERE datname = pg_catalog.current_database())",
                  reader.readable("oid"), reader.readable("subsynccommit"), since(140000, "subbinary"),
                  since(140000, "substream"), since(150000, "subtwophasestate"),
                  since(150000, "subdisableonerr"), since(160000, "subpasswordrequired"),
                  since(160000, "subrunasowner"), since(160000, "suborigin"), since(170000, "subfailover")),
      [&reader, version, hidden](const CatalogRow& row) {
        const std::string identity = quoted(row.view(kName));
        if (hidden) {
          reader.hide("subscription", identity,
                      "not all of its options are shown to the role of this connection");
        }
        auto publications = array_elements(row.view(kPublications));
        std::sort(publications.begin(), publications.end());
        reader.add(
            {"subscription", std::nullopt, row.text(kName), identity,
             fmt::format("PUBLICATION {} WITH (enabled = {}, slot_name = {}, synchronous_commit = {}{})",
                         join(publications, ", "), row.view(kEnabled),
                         row.null(kSlot) ? "NONE" : row.view(kSlot), row.view(kCommit),
                         subscription_options(row, version)),
             ""},
            kSubscription, row.oid(kOid));
        reader.add_owner("subscription", identity, std::nullopt, row.view(kName), row.oid(kOwner));
      });
}

}  // namespace

void ask_for_replication(Reader& reader) {
  ask_for_publications(reader);
  ask_for_subscriptions(reader);
}

}  // namespace exitgate::collect::schema
