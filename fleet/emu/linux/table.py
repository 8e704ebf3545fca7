"""The system calls of Linux for RISC-V by number, <asm-generic/unistd.h>.

What is not in the table returns ENOSYS, as from a kernel that is too old. `UNSUPPORTED` names what
Linux has and we do not, for reports.
"""

from __future__ import annotations

from fleet.emu.linux.call import SystemCall
from fleet.emu.linux.file_calls import FILE_CALLS
from fleet.emu.linux.memory_calls import MEMORY_CALLS
from fleet.emu.linux.path_calls import PATH_CALLS
from fleet.emu.linux.process_calls import PROCESS_CALLS
from fleet.emu.linux.time_calls import TIME_CALLS

SYSTEM_CALLS: dict[int, SystemCall] = (
    FILE_CALLS | PATH_CALLS | MEMORY_CALLS | PROCESS_CALLS | TIME_CALLS
)

_NAMES = {
    5: "setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr "
       "removexattr lremovexattr fremovexattr",
    19: "eventfd2 epoll_create1 epoll_ctl epoll_pwait",
    26: "inotify_init1 inotify_add_watch inotify_rm_watch",
    33: "mknodat",
    39: "umount2 mount pivot_root",
    51: "chroot",
    54: "fchownat fchown",
    74: "signalfd4 vmsplice splice tee",
    84: "sync_file_range timerfd_create timerfd_settime timerfd_gettime",
    95: "waitid",
    97: "unshare",
    100: "get_robust_list",
    102: "getitimer setitimer",
    107: "timer_create timer_gettime timer_getoverrun timer_settime timer_delete clock_settime",
    116: "syslog ptrace sched_setparam sched_setscheduler sched_getscheduler sched_getparam",
    125: "sched_get_priority_max sched_get_priority_min sched_rr_get_interval restart_syscall",
    138: "rt_sigqueueinfo",
    140: "setpriority getpriority reboot setregid setgid setreuid setuid setresuid",
    149: "setresgid",
    151: "setfsuid setfsgid",
    154: "setpgid",
    157: "setsid",
    159: "setgroups",
    161: "sethostname setdomainname getrlimit setrlimit",
    170: "settimeofday adjtimex",
    180: "mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr msgget msgctl "
         "msgrcv msgsnd semget semctl semtimedop semop shmget shmctl shmat shmdt socket socketpair "
         "bind listen accept connect getsockname getpeername sendto recvfrom setsockopt getsockopt "
         "shutdown sendmsg recvmsg readahead",
    221: "execve",
    224: "swapon swapoff",
    230: "mlockall munlockall",
    234: "remap_file_pages mbind get_mempolicy set_mempolicy migrate_pages move_pages "
         "rt_tgsigqueueinfo perf_event_open accept4 recvmmsg",
    266: "clock_adjtime syncfs setns sendmmsg process_vm_readv process_vm_writev kcmp",
    274: "sched_setattr sched_getattr",
    277: "seccomp",
    279: "memfd_create bpf execveat userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2 "
         "pkey_mprotect pkey_alloc pkey_free",
    293: "rseq",
    424: "pidfd_send_signal io_uring_setup io_uring_enter io_uring_register",
    434: "pidfd_open",
    437: "openat2 pidfd_getfd",
    440: "process_madvise epoll_pwait2",
    449: "futex_waitv",
    452: "fchmodat2",
}  # fmt: skip
UNSUPPORTED = {
    first + place: name
    for first, names in _NAMES.items()
    for place, name in enumerate(names.split())
}
