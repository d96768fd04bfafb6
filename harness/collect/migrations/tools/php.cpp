// Tools of PHP, each a shallow record.
#include "harness/collect/migrations/layout.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

std::vector<Tool> php() {
  return {
      {
          .name = "doctrine",
          .find = by_layout("doctrine", {.signs = {{"doctrine_migrations.yaml"},
                                                   {"composer.json", "doctrine/migrations"},
                                                   {"composer.json", "doctrine/doctrine-migrations-bundle"}},
                                         .folders = {"*"},
                                         .files = {{"Version*.php", {"AbstractMigration"}}},
                                         .prefix = "Version",
                                         .id = Layout::Id::stem,
                                         .order = Layout::Order::name}),
          .tables = {"doctrine_migration_versions"},
          .state = "SELECT regexp_replace(version, '^.*[\\\\]', '') FROM {table}",
          .state_lists_all = true,
          .up = "php bin/console doctrine:migrations:migrate --no-interaction",
          .down = "php bin/console doctrine:migrations:migrate first --no-interaction",
          .step = "php bin/console doctrine:migrations:migrate prev --no-interaction",
          .list = "php bin/console doctrine:migrations:list",
          .models = "php bin/console doctrine:schema:validate",
          .commands = {"doctrine:migrations:migrate", "doctrine-migrations migrate"},
          .after_merge = {.changed = "Doctrine keeps no checksum and never notices",
                          .removed = "Doctrine warns of an executed migration that is not registered",
                          .overtaken = "Doctrine applies it after the others",
                          .applies_missed = true},
          .up_part = "up()",
          .down_part = "down()",
          .create = "php bin/console doctrine:migrations:generate",
      },
      {
          .name = "laravel",
          .find = by_layout("laravel", {.signs = {{"artisan"}, {"composer.json", "laravel/framework"}},
                                        .folders = {"*"},
                                        .files = {{"*.php", {"Illuminate\\Database\\Migrations\\Migration"}}},
                                        .every_file = true,
                                        .id = Layout::Id::stem,
                                        .order = Layout::Order::name}),
          .state_table = "migrations",
          .state = "SELECT migration FROM {table}",
          .state_lists_all = true,
          .up = "php artisan migrate",
          .down = "php artisan migrate:reset",
          .step = "php artisan migrate:rollback --step=1",
          .list = "php artisan migrate:status",
          .commands = {"artisan migrate*"},
          .after_merge = {.changed = "Laravel keeps the file's name alone and never notices",
                          .removed = "Laravel never notices, and cannot take it back any more",
                          .overtaken = "Laravel applies it after the others",
                          .applies_missed = true},
          .back =
              WayBack{
                  .programs = {"artisan"}, .migrate = "migrate", .back = "migrate:rollback --step={count}"},
          .up_part = "up()",
          .down_part = "down()",
          .create = "php artisan make:migration NAME",
      },
  };
}

}  // namespace exitgate::collect::tools
