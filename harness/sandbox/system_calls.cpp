#include "harness/sandbox/system_calls.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace exitgate::sandbox {

namespace {

#if defined(__x86_64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned kArchitecture = 0;
#endif

constexpr unsigned kAllow = SECCOMP_RET_ALLOW;
constexpr unsigned refuse(unsigned error) {
  return SECCOMP_RET_ERRNO | error;
}

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
constexpr unsigned kIoUringSetup = 425;

class Program {
 public:
  void add(unsigned short code, unsigned value, unsigned char yes = 0, unsigned char no = 0) {
    if (size_ < code_.size()) code_[size_++] = {code, yes, no, value};
  }
  void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset)); }
  void load_number() { load(offsetof(seccomp_data, nr)); }
  // The lower half; both processors are little-endian.
  void load_argument(unsigned index) { load(offsetof(seccomp_data, args) + std::size_t{8} * index); }
  void answer(unsigned answer) { add(BPF_RET | BPF_K, answer); }

  void refuse_call(long number, unsigned error) {
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number), 0, 1);
    answer(refuse(error));
  }
  // When an argument has one of these bits.
  void refuse_bits(long number, unsigned argument, unsigned bits) {
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number), 0, 4);
    load_argument(argument);
    add(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
    answer(refuse(EPERM));
    load_number();
  }
  // The mode of a file that is made; of one that is opened, the argument means nothing.
  void refuse_made(long number, unsigned flags, unsigned mode, unsigned bits) {
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(number), 0, 6);
    load_argument(flags);
    add(BPF_JMP | BPF_JSET | BPF_K, O_CREAT | (O_TMPFILE & ~O_DIRECTORY), 0, 3);
    load_argument(mode);
    add(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
    answer(refuse(EPERM));
    load_number();
  }
  bool install() {
    const sock_fprog program{static_cast<unsigned short>(size_), code_.data()};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  }

 private:
  std::array<sock_filter, 256> code_{};
  std::size_t size_ = 0;
};

}  // namespace

bool filter_system_calls() {
  if (kArchitecture == 0) return false;
  Program program;
  program.load(offsetof(seccomp_data, arch));
  program.add(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0);
  program.answer(refuse(ENOSYS));
  program.load_number();
#if defined(__x86_64__)
  // The calls of the x32 programs have other numbers.
  program.add(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
  program.answer(refuse(ENOSYS));
#endif
  // More namespaces, in which it would be privileged.
  program.refuse_bits(SYS_unshare, 0, CLONE_NEWUSER);
  program.refuse_bits(SYS_clone, 0, CLONE_NEWUSER);
  // Its flags cannot be seen; libraries fall back on the older call.
  program.refuse_call(SYS_clone3, ENOSYS);
  for (const long number :
       {SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_keyctl, SYS_add_key,
        SYS_request_key, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_open_by_handle_at}) {
    program.refuse_call(number, EPERM);
  }
  // Files could be made by it past this filter.
  program.refuse_call(kIoUringSetup, ENOSYS);
  program.refuse_call(SYS_openat2, ENOSYS);
  // A file that is run as its owner, whom others could become.
  program.refuse_bits(SYS_fchmod, 1, S_ISUID);
  program.refuse_bits(SYS_fchmodat, 2, S_ISUID);
  program.refuse_bits(SYS_fchmodat2, 2, S_ISUID);
  program.refuse_bits(SYS_mknodat, 2, S_ISUID);
  program.refuse_made(SYS_openat, 2, 3, S_ISUID);
#if defined(__x86_64__)
  program.refuse_bits(SYS_chmod, 1, S_ISUID);
  program.refuse_bits(SYS_creat, 1, S_ISUID);
  program.refuse_bits(SYS_mknod, 1, S_ISUID);
  program.refuse_made(SYS_open, 1, 2, S_ISUID);
#endif
  program.answer(kAllow);
  return program.install();
}

}  // namespace exitgate::sandbox
