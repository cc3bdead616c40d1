/**
 * What native programs share, in a library of its own: threads, so that all programs of a process have one pool, and a copy of
 * entries. A kernel's units are cut into chunks, taken from the last to the first by whoever counts `open` down. A helper that
 * comes late finds nothing and does no harm; only chunks that were taken are waited for. Helpers look for work some
 * 2,000 times and then sleep, and never keep the process alive.
 */
export const threadPoolSource: string = `
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#ifndef _WIN32
#include <dlfcn.h>
#endif
#define EXPORT __attribute__((visibility("default")))
enum { LOOKS = 2000 };

typedef intptr_t I;
typedef void Kernel(char *memory, I first, I end, I thread);

/* Changed by the caller only while no chunk is open or taken. */
static struct { Kernel *kernel; char *memory; const I *firsts; } task;
static _Atomic uint64_t open_chunks; /* How many threads may take, and how many chunks are left, 32 bits each. */
static _Atomic I finished;
static _Atomic unsigned round_number;
static _Atomic int helpers_asleep, caller_asleep;
static pthread_mutex_t one_caller = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t sleep_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work_came = PTHREAD_COND_INITIALIZER;
static pthread_cond_t chunk_done = PTHREAD_COND_INITIALIZER;
static I helpers;

static void look_away(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static I take(I thread) {
  uint64_t seen = open_chunks;
  for (;;) {
    if ((uint32_t)seen == 0 || (uint64_t)thread >= seen >> 32) return -1;
    if (atomic_compare_exchange_weak(&open_chunks, &seen, seen - 1)) return (I)(uint32_t)seen - 1;
  }
}

static void work(I thread) {
  for (I chunk; (chunk = take(thread)) >= 0;) {
    task.kernel(task.memory, task.firsts[chunk], task.firsts[chunk + 1], thread);
    finished++;
    if (caller_asleep) {
      pthread_mutex_lock(&sleep_lock);
      pthread_cond_signal(&chunk_done);
      pthread_mutex_unlock(&sleep_lock);
    }
  }
}

static void *help(void *number) {
  for (;;) {
    unsigned seen = round_number;
    work((I)number);
    for (int look = 0; look < LOOKS && round_number == seen; look++) look_away();
    if (round_number != seen) continue;
    pthread_mutex_lock(&sleep_lock);
    helpers_asleep++;
    while (round_number == seen) pthread_cond_wait(&work_came, &sleep_lock);
    helpers_asleep--;
    pthread_mutex_unlock(&sleep_lock);
  }
  return 0;
}

/* Whoever closes the library must not take the code away from the helpers and from programs. */
static void stay_loaded(void) {
#ifndef _WIN32
  Dl_info here;
  if (dladdr((void *)stay_loaded, &here)) dlopen(here.dli_fname, RTLD_NOW);
#endif
}

/* Helpers that cannot be started are missing, no more. */
static void start_helpers(I count) {
  if (helpers >= count) return;
  stay_loaded();
#ifndef _WIN32
  sigset_t every, before;
  sigfillset(&every);
  pthread_sigmask(SIG_SETMASK, &every, &before);
#endif
  for (pthread_t thread; helpers < count; helpers++) {
    if (pthread_create(&thread, 0, help, (void *)(helpers + 1))) break;
    pthread_detach(thread);
  }
#ifndef _WIN32
  pthread_sigmask(SIG_SETMASK, &before, 0);
#endif
}

static void wait_for(I chunks) {
  for (int look = 0; look < LOOKS && finished < chunks; look++) look_away();
  if (finished >= chunks) return;
  pthread_mutex_lock(&sleep_lock);
  caller_asleep = 1;
  while (finished < chunks) pthread_cond_wait(&chunk_done, &sleep_lock);
  caller_asleep = 0;
  pthread_mutex_unlock(&sleep_lock);
}

/* Runs the kernel in so many chunks by this thread (number 0) and helpers. Of each chunk the first unit is told, and then the end. */
static void share(Kernel *kernel, char *memory, const I *firsts, I chunks, I threads) {
  if (pthread_mutex_trylock(&one_caller)) {
    kernel(memory, firsts[0], firsts[chunks], 0); /* Another program has the helpers. */
    return;
  }
  start_helpers(threads - 1);
  task.kernel = kernel;
  task.memory = memory;
  task.firsts = firsts;
  finished = 0;
  open_chunks = (uint64_t)threads << 32 | (uint32_t)chunks;
  round_number++;
  if (helpers_asleep) {
    pthread_mutex_lock(&sleep_lock);
    pthread_cond_broadcast(&work_came);
    pthread_mutex_unlock(&sleep_lock);
  }
  work(0);
  wait_for(chunks);
  pthread_mutex_unlock(&one_caller);
}

enum { PIECE = 65536, MOST_PIECES = 64, LINE = 64 };
typedef struct { char *to; const char *from; } Copy;

static void copy_piece(char *work, I first, I end, I thread) {
  const Copy *copy = (const Copy *)work;
  memcpy(copy->to + first, copy->from + first, end - first);
}

/* The two must not overlap. */
EXPORT void gradtape_copy(void *to, const void *from, int64_t bytes, int threads) {
  Copy copy = {to, from};
  I pieces = bytes / PIECE < MOST_PIECES ? bytes / PIECE : MOST_PIECES, firsts[MOST_PIECES + 1];
  if (pieces < 3 || threads < 2) {
    copy_piece((char *)&copy, 0, bytes, 0);
    return;
  }
  for (I piece = 0; piece < pieces; piece++) firsts[piece] = bytes / pieces / LINE * LINE * piece;
  firsts[pieces] = bytes;
  share(copy_piece, (char *)&copy, firsts, pieces, threads);
}

EXPORT void *gradtape_share(void) {
  stay_loaded();
  return (void *)share;
}
`;
