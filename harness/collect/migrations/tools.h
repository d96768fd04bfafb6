// The migration tools whose histories are read, one file and one function each. A function adds the
// environments that it finds; what it cannot tell is a problem of the environment.
#pragma once

#include <string_view>
#include <vector>

#include "harness/collect/migrations/environment.h"
#include "harness/collect/migrations/source.h"

namespace exitgate::collect {

void find_alembic(Source& source, std::vector<Environment>& found);
void find_diesel(Source& source, std::vector<Environment>& found);
void find_django(Source& source, std::vector<Environment>& found);
void find_flyway(Source& source, std::vector<Environment>& found);
void find_golang_migrate(Source& source, std::vector<Environment>& found);
void find_goose(Source& source, std::vector<Environment>& found);
void find_numbered_sql(Source& source, std::vector<Environment>& found);  // dbmate and plain SQL
void find_prisma(Source& source, std::vector<Environment>& found);
void find_rails(Source& source, std::vector<Environment>& found);
void find_sqitch(Source& source, std::vector<Environment>& found);

// Whether a file says that it is goose's.
bool is_goose(std::string_view sql);

}  // namespace exitgate::collect
