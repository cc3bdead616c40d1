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
static struct { Kernel *kernel; char *memory; I units, size; } task;
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
    I first = chunk * task.size;
    I end = first + task.size < task.units ? first + task.size : task.units;
    task.kernel(task.memory, first, end, thread);
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

/* Runs the kernel in chunks of so many units, by this thread (number 0) and helpers. */
static void share(Kernel *kernel, char *memory, I units, I size, I threads) {
  if (pthread_mutex_trylock(&one_caller)) {
    kernel(memory, 0, units, 0); /* Another program has the helpers. */
    return;
  }
  start_helpers(threads - 1);
  I chunks = (units + size - 1) / size;
  task.kernel = kernel;
  task.memory = memory;
  task.units = units;
  task.size = size;
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

enum { PIECE = 65536 };
typedef struct { char *to; const char *from; I bytes; } Copy;

static void copy_pieces(char *work, I first, I end, I thread) {
  const Copy *copy = (const Copy *)work;
  I start = first * PIECE, stop = end * PIECE < copy->bytes ? end * PIECE : copy->bytes;
  memcpy(copy->to + start, copy->from + start, stop - start);
}

/* The two must not overlap. */
EXPORT void gradtape_copy(void *to, const void *from, int64_t bytes, int threads) {
  Copy copy = {to, from, bytes};
  I pieces = (copy.bytes + PIECE - 1) / PIECE;
  if (pieces < 3 || threads < 2) copy_pieces((char *)&copy, 0, pieces, 0);
  else share(copy_pieces, (char *)&copy, pieces, 1, threads);
}

EXPORT void *gradtape_share(void) {
  stay_loaded();
  return (void *)share;
}
`;
