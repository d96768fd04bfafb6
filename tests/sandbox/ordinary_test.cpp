// What ordinary commands do works as it did.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "contained.h"
#include "harness/base/file.h"

namespace exitgate::sandbox {
namespace {

using ::testing::HasSubstr;

struct Ordinary {
  std::string name;
  std::string script;
  std::string says;
};

std::vector<Ordinary> rows() {
  return {
      {"PsqlBySocketAndTcp",
       "psql -qAt -c 'SELECT 1' && psql \"$DATABASE_URL\" -qAt -c \"SELECT 'by ' || "
       "host(inet_server_addr())\"",
       "1\nby 127.0.0.1\n"},
      {"PsqlByTheSocketsOwnPort", "PGPORT=5432 psql -qAt -c 'SELECT 7'", "7\n"},
      {"PythonWithItsLibrary",
       "python3 -c 'import sqlite3, ssl, json, tempfile; tempfile.TemporaryFile().write(b\"x\"); "
       "print(\"imported\")'",
       "imported\n"},
      {"ProcessesThatShareMemory",
       "python3 -c 'import multiprocessing as m; print(sum(m.Pool(2).map(abs, [-1, -2])))'", "3\n"},
      {"Devices",
       "echo x > /dev/null; head -c 4 /dev/zero | wc -c; head -c 4 /dev/urandom | wc -c; echo y > "
       "/dev/stdout",
       "4\n4\ny\n"},
      {"SharedMemoryAndTmp",
       "echo a > /dev/shm/x; echo b > /tmp/x; cat /dev/shm/x /tmp/x; echo c > $TMPDIR/x; cat $TMPDIR/x",
       "a\nb\nc\n"},
      {"GitInTheTree",
       "git init -q . && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m first && git log "
       "--format=%s",
       "first\n"},
      {"AHomeOfItsOwn", "mkdir -p ~/.cache/tool && echo kept > ~/.cache/tool/x && cat ~/.cache/tool/x",
       "kept\n"},
      {"AToolOfNvm", "our-node", "node of nvm\n"},
      {"AToolByALinkOfLocalBin", "our-tool", "tool of pipx\n"},
      {"AVirtualEnvironment", "our-python", "module of a virtual environment\n"},
      {"ProcessesSeeThemselves", "sleep 60 & kill -0 $! && kill $! && echo there", "there\n"},
      {"NoPrivileges", "grep NoNewPrivs /proc/self/status", "NoNewPrivs:\t1\n"},
      {"NoTerminal", "tty || true; test -e /dev/tty || echo none", "not a tty\nnone\n"},
  };
}

class OrdinaryStep : public ::testing::TestWithParam<Ordinary> {};

TEST_P(OrdinaryStep, Works) {
  if (!containment().files) GTEST_SKIP() << containment().reason;
  Contained contained;
  contained.run("echo '[BEGIN]'; " + GetParam().script);
  EXPECT_THAT(contained.output(), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(Table, OrdinaryStep, ::testing::ValuesIn(rows()),
                         [](const auto& row) { return row.param.name; });

TEST(Sandbox, OpensTheNetworkWhereTheConfigurationSaysSo) {
  Contained contained({.network = true});
  const Listener listener(Listener::Kind::tcp);
  const auto step = contained.run(fmt::format(
      "python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", {}))'", listener.port()));
  EXPECT_EQ(step.outcome, "ok");
  EXPECT_TRUE(listener.was_reached());
  if (!containment().files) return;
  // The files stay hidden.
  contained.run("cat " + (outside().home / ".pgpass").string());
  EXPECT_THAT(contained.log(), ::testing::Not(HasSubstr(outside().secret)));
}

TEST(Sandbox, KeepsAnExitCodeAndASignal) {
  Contained contained;
  EXPECT_EQ(contained.run("exit 7").exit_code, 7);
  EXPECT_EQ(contained.run("kill -SEGV $$").outcome, "killed by signal 11 (Segmentation fault)");
  EXPECT_EQ(contained.run("true").outcome, "ok");
}

TEST(Sandbox, WhatACommandWritesIsThereForTheNext) {
  Contained contained;
  contained.run("echo one > file; echo two > ~/file; echo three > $TMPDIR/file");
  contained.run("cat file ~/file $TMPDIR/file");
  EXPECT_THAT(contained.log(), HasSubstr("one\ntwo\nthree\n"));
  EXPECT_EQ(read_file(contained.tree() / "file"), "one\n");
}

}  // namespace
}  // namespace exitgate::sandbox
