/// confine PROGRAM ARGUMENTS…: runs a program that may read, compute, and write to the standard streams.
///
/// Whatever reaches further kills it with SIGSYS: executing a program, starting a process, a socket, opening a
/// file for writing, changing, naming or removing files, tracing or signalling other processes.
///
/// A filter of system calls stays across the execution of the program and cannot be lifted. It allows the one
/// execution that starts the program by the address of its path, which the program itself has not mapped.
///
/// Source: Linux's Documentation/userspace-api/seccomp_filter.rst.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the filter tells system calls of x86-64 and of AArch64 alone"
#endif

/// Where the path of the program lies while it is started.
static const uint64_t startAddress = 0x2DEAD0000000;

#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))
#define ARGUMENT(index) ((uint32_t)(offsetof(struct seccomp_data, args) + 8 * (index)))
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define KILL RETURN(SECCOMP_RET_KILL_PROCESS)
#define ALLOW RETURN(SECCOMP_RET_ALLOW)
/// Kills at one system call.
#define FORBID(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), KILL
/// Kills at an opening of a file for writing, or one that makes it; the flags are that argument.
#define FORBID_WRITING(call, flags)                                                             \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 4), LOAD(ARGUMENT(flags)),                     \
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0, 1), \
      KILL, ALLOW

static struct sock_filter filter[] = {
    LOAD(FIELD(arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
    KILL,
    LOAD(FIELD(nr)),
    // The start of the program.
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_execve, 0, 6),
    LOAD(ARGUMENT(0)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)startAddress, 0, 3),
    LOAD(ARGUMENT(0) + 4),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(startAddress >> 32), 0, 1),
    ALLOW,
    KILL,
    // Threads are made, and no processes; as the flags of clone3 lie in memory, the C library is to use clone.
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone3, 0, 1),
    RETURN(SECCOMP_RET_ERRNO | ENOSYS),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone, 0, 4),
    LOAD(ARGUMENT(0)),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
    KILL,
    ALLOW,
    FORBID_WRITING(__NR_openat, 2),
    FORBID(__NR_openat2),
#ifdef __NR_open
    FORBID_WRITING(__NR_open, 1),
    FORBID(__NR_creat),
    FORBID(__NR_fork),
    FORBID(__NR_vfork),
    FORBID(__NR_rename),
    FORBID(__NR_unlink),
    FORBID(__NR_rmdir),
    FORBID(__NR_mkdir),
    FORBID(__NR_link),
    FORBID(__NR_symlink),
    FORBID(__NR_mknod),
    FORBID(__NR_chmod),
    FORBID(__NR_chown),
    FORBID(__NR_renameat),
#endif
    FORBID(__NR_execveat),
    FORBID(__NR_socket),
    FORBID(__NR_socketpair),
    FORBID(__NR_connect),
    FORBID(__NR_bind),
    FORBID(__NR_sendto),
    FORBID(__NR_sendmsg),
    FORBID(__NR_io_uring_setup),
    FORBID(__NR_renameat2),
    FORBID(__NR_unlinkat),
    FORBID(__NR_mkdirat),
    FORBID(__NR_linkat),
    FORBID(__NR_symlinkat),
    FORBID(__NR_mknodat),
    FORBID(__NR_fchmod),
    FORBID(__NR_fchmodat),
    FORBID(__NR_fchown),
    FORBID(__NR_fchownat),
    FORBID(__NR_truncate),
    FORBID(__NR_ftruncate),
    FORBID(__NR_utimensat),
    FORBID(__NR_setxattr),
    FORBID(__NR_mount),
    FORBID(__NR_chroot),
    FORBID(__NR_ptrace),
    FORBID(__NR_process_vm_writev),
    FORBID(__NR_kill),
    FORBID(__NR_memfd_create),
    ALLOW,
};

static int failed(const char *what) {
  fprintf(stderr, "confine: %s: %s\n", what, strerror(errno));
  return 125;
}

int main(int count, char **arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: confine PROGRAM ARGUMENTS…\n");
    return 64;
  }
  size_t length = strlen(arguments[1]) + 1;
  char *path = mmap((void *)startAddress, length, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (path != (void *)startAddress) return failed("no memory for the program's path");
  memcpy(path, arguments[1], length);
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("no_new_privs");
  if (syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) return failed("seccomp");
  execv(path, arguments + 1);
  return failed(arguments[1]);
}
