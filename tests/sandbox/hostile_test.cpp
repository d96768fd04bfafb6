// What a hostile step tries. Each row runs twice: in the sandbox, where it must have no effect, seen from outside; and, where
// that does no harm, without one, where it must have: else the row would show nothing.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

#include "contained.h"
#include "harness/base/file.h"
#include "harness/base/process.h"

namespace exitgate::sandbox {
namespace {

namespace fs = std::filesystem;

// All that the rows reach for.
struct Scene {
  Listener tcp{Listener::Kind::tcp};
  Listener udp{Listener::Kind::udp};
  Listener abstract{Listener::Kind::abstract, fmt::format("exitgate-test-{}", ::getpid())};
  Listener docker{Listener::Kind::path, "/tmp/" + fmt::format("docker-{}.sock", ::getpid())};
  Listener agent{Listener::Kind::path,
                 (fs::temp_directory_path() / fmt::format("agent-{}", ::getpid())).string()};
  Victim victim{outside().url};

  std::string python(const std::string& code) const { return "python3 -c '" + code + "'"; }
  std::string connect(const std::string& family, const std::string& type, const std::string& address) const {
    return python(
        fmt::format("import socket; s = socket.socket(socket.{}, socket.{}); s.connect({}); "
                    "s.send(b\"x\")",
                    family, type, address));
  }
  std::string home(const std::string& name) const { return (outside().home / name).string(); }
  std::string work(const std::string& name) const { return (outside().work / name).string(); }
};

struct Hostile {
  std::string name;
  std::function<std::string(const Scene&)> script;
  // Whether it had its effect; the text is what the command said.
  std::function<bool(const Scene&, const std::string&)> happened;
  // Whether it may be tried without a sandbox.
  bool harmless = true;
};

void PrintTo(const Hostile& one, std::ostream* out) {
  *out << one.name;
}

bool tells_the_secret(const Scene&, const std::string& output) {
  return output.find(outside().secret) != std::string::npos;
}

Hostile reads(const std::string& name, std::function<std::string(const Scene&)> script) {
  return {name, std::move(script), tells_the_secret};
}

Hostile reads_file(const std::string& name, const std::string& file) {
  return reads(name, [file](const Scene& scene) { return "cat " + scene.home(file); });
}

Hostile writes(const std::string& name, const fs::path& folder) {
  const fs::path file = folder / fmt::format("left-by-a-step-{}", ::getpid());
  return {name, [file](const Scene&) { return "echo x > " + file.string(); },
          [file](const Scene&, const std::string&) {
            std::error_code ignored;
            return fs::remove(file, ignored);
          }};
}

std::string host_setting(const char* name) {
  return read_file(fs::path("/proc/sys/kernel") / name);
}

// By PostgreSQL's administrator, who is let in by the socket whoever asks.
std::string by_server(const std::string& sql) {
  return "psql -U postgres -d postgres -qAt -c \"" + sql + "\"";
}

std::vector<Hostile> rows() {
  std::vector<Hostile> rows;
  const auto add = [&](Hostile row) { rows.push_back(std::move(row)); };
  // The network.
  add({"ConnectsToAPortOfTheHost",
       [](const Scene& s) {
         return s.connect("AF_INET", "SOCK_STREAM", fmt::format("(\"127.0.0.1\", {})", s.tcp.port()));
       },
       [](const Scene& s, const std::string&) { return s.tcp.was_reached(); }});
  add({"SendsADatagram",
       [](const Scene& s) {
         return s.connect("AF_INET", "SOCK_DGRAM", fmt::format("(\"127.0.0.1\", {})", s.udp.port()));
       },
       [](const Scene& s, const std::string&) { return s.udp.was_reached(); }});
  add({"ConnectsToAnAbstractSocket",
       [](const Scene& s) {
         return s.connect("AF_UNIX", "SOCK_STREAM", fmt::format("b\"\\0exitgate-test-{}\"", ::getpid()));
       },
       [](const Scene& s, const std::string&) { return s.abstract.was_reached(); }});
  add({"ConnectsToASocketInTmp",
       [](const Scene& s) {
         return s.connect("AF_UNIX", "SOCK_STREAM", fmt::format("\"/tmp/docker-{}.sock\"", ::getpid()));
       },
       [](const Scene& s, const std::string&) { return s.docker.was_reached(); }});
  add({"SeesAnotherInterface",
       [](const Scene&) { return std::string("tail -n +3 /proc/net/dev | grep -v ' lo:'"); },
       [](const Scene&, const std::string& output) { return output.find(':') != std::string::npos; }, false});
  add({"FindsARouteOut",
       [](const Scene&) { return std::string("tail -n +2 /proc/net/route | sed 's/^/route /'"); },
       [](const Scene&, const std::string& output) { return output.find("route ") != std::string::npos; },
       false});
  // The live database's URL.
  add(reads("ReadsItsEnvironment", [](const Scene&) { return "env"; }));
  rows.back().harmless = false;  // without a sandbox it is given the same environment
  add(reads("ReadsTheEnvironmentOfAll",
            [](const Scene&) { return "cat /proc/[0-9]*/environ | tr '\\0' ' '"; }));
  add(reads("ReadsTheCommandLineOfAll",
            [](const Scene&) { return "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"; }));
  add(reads("ReadsTheProcessThatStartedIt", [](const Scene& s) {
    return fmt::format(
        "cat /proc/1/environ /proc/1/cmdline /proc/{0}/environ /proc/{0}/cmdline | tr '\\0' ' '",
        s.victim.pid());
  }));
  add(reads("SearchesTheMemoryOfTheFirstProcess", [](const Scene&) {
    return std::string(
        "python3 - <<'E'\n"
        "import re\n"
        "for line in open('/proc/1/maps'):\n"
        "  m = re.match(r'(\\w+)-(\\w+) r', line)\n"
        "  if not m: continue\n"
        "  f = open('/proc/1/mem', 'rb'); f.seek(int(m[1], 16))\n"
        "  print(re.findall(rb'geheim-\\d+-wort', f.read(int(m[2], 16) - int(m[1], 16))))\n"
        "E");
  }));
  rows.back().harmless = false;
  // The user's files.
  add(reads_file("ReadsASshKey", ".ssh/id_ed25519"));
  add(reads_file("ReadsPgpass", ".pgpass"));
  add(reads_file("ReadsNetrc", ".netrc"));
  add(reads_file("ReadsCloudCredentials", ".aws/credentials"));
  add(reads_file("ReadsDockersConfig", ".docker/config.json"));
  add(reads_file("ReadsConfig", ".config/gh/hosts.yml"));
  add(reads_file("ReadsGitCredentials", ".git-credentials"));
  add(reads_file("ReadsMavensSettings", ".m2/settings.xml"));
  add(reads_file("ReadsCargosToken", ".cargo/credentials.toml"));
  add(reads_file("ReadsAKeyring", ".local/share/keyrings/login.keyring"));
  add(reads("ReadsBySymbolicLink",
            [](const Scene& s) { return "ln -s " + s.home(".ssh") + " keys && cat keys/id_ed25519"; }));
  add(reads("ReadsByProcRoot", [](const Scene& s) {
    return "cat /proc/self/root" + s.home(".pgpass") + " /proc/1/root" + s.home(".pgpass");
  }));
  add(reads("ReadsByTheWorkingDirectoryOfOthers", [](const Scene&) {
    return fmt::format("cat /proc/*/cwd/{}/home/.pgpass", outside().folder.filename().string());
  }));
  add(reads("ReadsAFileThatWeHaveOpen", [](const Scene&) {
    return std::string(
        "python3 - <<'E'\n"
        "import os\n"
        "for fd in range(3, 256):\n"
        "  try: print(os.pread(fd, 200, 0))\n"
        "  except OSError: pass\n"
        "E");
  }));
  add(reads("ReadsAnotherRunsFolder",
            [](const Scene&) { return "cat " + (outside().other_run / "password").string(); }));
  // Writing.
  add(writes("WritesToTheWorkTree", outside().work));
  add(writes("WritesToTheHome", outside().home));
  add(writes("WritesToAToolsFolder", outside().home / ".local/bin"));
  add(writes("WritesToTmp", "/tmp"));
  add(writes("WritesToVarTmp", "/var/tmp"));
  add(writes("WritesToSharedMemory", "/dev/shm"));
  add(writes("WritesToAnotherRunsFolder", outside().other_run));
  if (::geteuid() == 0) {
    add(writes("WritesToVar", "/var/lib"));
    add(writes("WritesToEtc", "/etc"));
    add(writes("WritesToUsrLocal", "/usr/local/bin"));
  }
  add({"RemovesTheWorkTree", [](const Scene& s) { return "rm -rf " + s.work(""); },
       [](const Scene& s, const std::string&) { return !fs::exists(s.work("README.md")); }, false});
  add({"WritesThroughASymbolicLink",
       [](const Scene& s) { return "ln -s " + s.work("") + " w && echo x > w/through"; },
       [](const Scene& s, const std::string&) { return fs::remove(s.work("through")); }});
  // Processes.
  add({"KillsAnotherProcess", [](const Scene& s) { return fmt::format("kill -9 {}", s.victim.pid()); },
       [](const Scene& s, const std::string&) {
         ::usleep(20'000);
         return !s.victim.is_alive();
       }});
  add({"TracesAnotherProcess",
       [](const Scene& s) {
         return s.python(
             fmt::format("import ctypes; print(\"traced\" if ctypes.CDLL(None).ptrace(0x4206, {}, 0, 0) "
                         "== 0 else \"refused\")",
                         s.victim.pid()));
       },
       [](const Scene&, const std::string& output) { return output.find("traced\n") != std::string::npos; }});
  const auto leaves = [&](const std::string& name, const std::string& script, const std::string& seconds) {
    add({name, [script](const Scene&) { return script; },
         [seconds](const Scene&, const std::string&) { return is_running("sleep " + seconds); }, false});
  };
  leaves("LeavesADaemonInASession", "setsid sleep 980001 > /dev/null 2>&1 &", "980001");
  leaves("LeavesADaemonByForkingTwice", "( ( setsid sh -c 'sleep 980002; :' & ) & ) > /dev/null 2>&1",
         "980002");
  leaves("LeavesADaemonThatIgnoresSignals",
         "(trap '' TERM HUP INT QUIT; exec nohup setsid sleep 980003 > /dev/null 2>&1) &", "980003");
  leaves("LeavesAProcessByTheServer",
         by_server("COPY (SELECT 1) TO PROGRAM 'setsid sleep 980004 > /dev/null 2>&1 &'") + "; true",
         "-nothing");
  // By the server, of which a step can be the administrator.
  add(reads("ReadsAFileByTheServer",
            [](const Scene& s) { return by_server("SELECT pg_read_file('" + s.home(".pgpass") + "')"); }));
  rows.back().harmless = false;
  add(reads("ReadsByAProgramOfTheServer", [](const Scene& s) {
    return by_server("CREATE TEMPORARY TABLE t (x text); COPY t FROM PROGRAM 'cat " + s.home(".pgpass") +
                     "; cat /proc/*/cmdline /proc/*/environ | tr -d \\\\\\\\0; true'; SELECT * FROM t");
  }));
  rows.back().harmless = false;
  add({"ConnectsByAProgramOfTheServer",
       [](const Scene& s) {
         return by_server(fmt::format(
             "COPY (SELECT 1) TO PROGRAM 'bash -c \\\"echo x > /dev/tcp/127.0.0.1/{}\\\"'", s.tcp.port()));
       },
       [](const Scene& s, const std::string&) { return s.tcp.was_reached(); }, false});
  add({"WritesByTheServer",
       [](const Scene&) {
         return by_server(fmt::format("COPY (SELECT 1) TO '/tmp/by-server-{}'", ::getpid()));
       },
       [](const Scene&, const std::string&) {
         return fs::exists(fmt::format("/tmp/by-server-{}", ::getpid()));
       },
       false});
  add({"KillsByTheServer",
       [](const Scene& s) {
         return by_server(fmt::format("COPY (SELECT 1) TO PROGRAM 'kill -9 {}'", s.victim.pid()));
       },
       [](const Scene& s, const std::string&) { return !s.victim.is_alive(); }, false});
  // Privileges.
  add({"Mounts", [](const Scene& s) { return "mount -t tmpfs none " + s.work("") + " && echo mounted"; },
       [](const Scene&, const std::string& output) { return output.find("mounted\n") != std::string::npos; },
       false});
  add({"UncoversWhatIsHidden",
       [](const Scene& s) {
         return "umount " + outside().home.string() + "; umount -l /tmp; cat " + s.home(".pgpass");
       },
       tells_the_secret, false});
  add({"BecomesRootInAUserNamespace",
       [](const Scene& s) {
         return "unshare -Urm sh -c 'umount -l " + outside().home.string() + "; cat " + s.home(".pgpass") +
                "; mount -t tmpfs none /mnt && echo mounted'";
       },
       [](const Scene& s, const std::string& output) {
         return tells_the_secret(s, output) || output.find("mounted\n") != std::string::npos;
       },
       false});
  add({"ChangesTheHostname", [](const Scene&) { return std::string("hostname taken-over"); },
       [](const Scene&, const std::string&) { return host_setting("hostname") == "taken-over\n"; }, false});
  add({"WritesAKernelSetting",
       [](const Scene&) { return std::string("echo taken > /proc/sys/kernel/domainname"); },
       [](const Scene&, const std::string&) { return host_setting("domainname") == "taken\n"; }, false});
  add({"ReadsADisk",
       [](const Scene&) {
         return std::string("find /dev -type b | sed 's/^/device /'; mknod disk b 8 0 && echo device disk");
       },
       [](const Scene&, const std::string& output) { return output.find("device ") != std::string::npos; },
       false});
  add({"MakesAFileThatRunsAsItsOwner",
       [](const Scene&) {
         return std::string(
             "cp /bin/true taken; chmod 4755 taken; chmod u+s taken; install -m 4755 /bin/true "
             "taken2; python3 -c 'import os; os.close(os.open(\"taken3\", os.O_CREAT | os.O_WRONLY, "
             "0o4755))'; find . -perm -4000 | sed 's/^/suid /'");
       },
       [](const Scene&, const std::string& output) { return output.find("suid ") != std::string::npos; }});
  if (::geteuid() == 0) {
    add({"GivesAFileAway",
         [](const Scene&) { return std::string("touch given; chown 12345 given; stat -c 'owner %u' given"); },
         [](const Scene&, const std::string& output) {
           return output.find("owner 12345") != std::string::npos;
         }});
  }
  return rows;
}

class HostileStep : public ::testing::TestWithParam<Hostile> {};

// A file with the secret that a program would inherit.
class OpenFile {
 public:
  OpenFile() {
    std::FILE* const file = std::fopen((outside().home / ".pgpass").c_str(), "r");
    ::dup2(::fileno(file), 97);
    std::fclose(file);
  }
  ~OpenFile() { ::close(97); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
};

TEST_P(HostileStep, HasNoEffect) {
  const Hostile& row = GetParam();
  if (!containment().files || !containment().processes) GTEST_SKIP() << containment().reason;
  const OpenFile open;
  {
    const Scene scene;
    Contained contained;
    contained.run("echo '[BEGIN]'; " + row.script(scene));
    EXPECT_FALSE(row.happened(scene, contained.output())) << contained.log();
  }
  if (!row.harmless) return;
  const Scene scene;
  const std::string script = row.script(scene);
  const fs::path folder = outside().folder / "uncontained";
  fs::remove_all(folder);
  make_directories(folder);
  const auto uncontained = run({.arguments = {"/bin/sh", "-c", script},
                                .directory = folder,
                                .environment = std::vector<std::string>{"PATH=/usr/local/bin:/usr/bin:/bin"},
                                .limit = std::chrono::seconds(20)});
  EXPECT_TRUE(row.happened(scene, uncontained.output))
      << "without a sandbox it has no effect either: " << script << "\n"
      << uncontained.output << uncontained.error;
}

INSTANTIATE_TEST_SUITE_P(Table, HostileStep, ::testing::ValuesIn(rows()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace exitgate::sandbox
