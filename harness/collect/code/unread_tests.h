// Tests of languages whose tests are not read: they are told from no tests at all by the names of their files.
#pragma once

#include <string_view>

namespace exitgate::collect::code {

// "PHP" for "tests/UserTest.php"; "" for a file that is not known to hold tests.
std::string_view unread_test_language(std::string_view path, std::string_view content);

}  // namespace exitgate::collect::code
