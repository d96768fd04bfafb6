// The program's subcommands: each stands in a file of its own, <name>_command.cpp, and in the table of main.cpp.
#pragma once

namespace exitgate::cli {

// Each takes the arguments behind its name (argv[0] is the name), returns the exit code, and may throw Error.
int run_begin(int argc, char** argv);
int run_blindspots(int argc, char** argv);
int run_collect(int argc, char** argv);
int run_diff(int argc, char** argv);
int run_discover(int argc, char** argv);
int run_doctor(int argc, char** argv);
int run_explain(int argc, char** argv);
int run_finish(int argc, char** argv);
int run_gates(int argc, char** argv);
int run_init(int argc, char** argv);
int run_pull(int argc, char** argv);
int run_push(int argc, char** argv);
int run_query(int argc, char** argv);
int run_report(int argc, char** argv);
int run_run(int argc, char** argv);
int run_schema(int argc, char** argv);
int run_seal(int argc, char** argv);
int run_show(int argc, char** argv);
int run_stage(int argc, char** argv);
int run_suite(int argc, char** argv);
int run_tables(int argc, char** argv);
int run_try(int argc, char** argv);
int run_test(int argc, char** argv);
int run_verify(int argc, char** argv);

}  // namespace exitgate::cli
