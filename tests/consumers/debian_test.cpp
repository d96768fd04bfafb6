// The Debian package: made by CPack, installed on a Debian that has nothing else, and run there on the sample.
#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/consumers/consumer.h"

namespace exitgate::testing_program {
namespace {

using testing::HasSubstr;

std::string missing_here() {
  if (::geteuid() != 0) return "a Debian root can be made by root only";
  for (const char* const program : {"mmdebstrap", "dpkg-shlibdeps", "cpack"}) {
    if (!find_program(program)) return std::string(program) + " is not installed";
  }
  if (!std::filesystem::exists("/etc/debian_version")) return "this machine is not a Debian";
  return "";
}

TEST(DebianPackage, RunsTheGatesOnACleanRoot) {
  if (const auto missing = missing_here(); !missing.empty()) GTEST_SKIP() << missing;
  const TemporaryDirectory folder{"debian"};
  make_sample(folder.path() / "service");
  write_file(folder.path() / "run", R"(
cpack --config "$1/CPackConfig.cmake" -G DEB -B packages -D CPACK_COMPONENTS_ALL=runtime >cpack.log 2>&1 || { cat cpack.log; exit 1; }
cp packages/exitgate_*.deb exitgate.deb
dpkg-deb --info exitgate.deb
dpkg-deb --contents exitgate.deb | awk '{print $6}'
# The mirror and the way to it are those of this machine.
apt-config dump | grep '^Acquire::' >acquire || true
cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null >sources || true
. /etc/os-release
mmdebstrap --quiet --variant=apt --mode=root --aptopt=acquire --skip=cleanup/apt \
  --customize-hook='copy-in exitgate.deb service /' \
  --customize-hook='chroot "$1" sh -ec "apt-get install -y -qq --no-install-recommends /exitgate.deb >/install.log 2>&1 || { cat /install.log; exit 1; }"' \
  --customize-hook='chroot "$1" sh -c "chown -R root: /service; exitgate --version; exitgate run --repo /service --label ^static\$ --out /run-1; echo exit code \$?; exitgate verify /run-1/*.zst --replay; echo exit code \$?"' \
  "$VERSION_CODENAME" /dev/null - <sources
)");
  Command command;
  command.arguments = {"/bin/sh", "-e", (folder.path() / "run").string(), BUILD};
  command.directory = folder.path();
  command.limit = std::chrono::seconds(280);
  command.merge_error = true;
  const auto finished = run(command);
  EXPECT_EQ(finished.exit_code, 0) << finished.output;
  EXPECT_THAT(finished.output, HasSubstr("exitgate 0.2.0"));
  EXPECT_THAT(finished.output, HasSubstr("Outcome: pass")) << finished.output;
  EXPECT_THAT(finished.output, HasSubstr("./usr/share/doc/exitgate/LICENSE"));
  EXPECT_THAT(finished.output, HasSubstr("libsqlite3-0"));
  EXPECT_THAT(finished.output, HasSubstr("libpq5"));
}

}  // namespace
}  // namespace exitgate::testing_program
