/* The wall clock of the processes that load this library, ahead of the machine's by the nanoseconds
 * in the file MARKTBUND_TEST_CLOCK. The file is mapped: whoever writes there sets every clock at once.
 * What counts from the start of the machine stays as it is, and waits until a moment of the wall
 * clock end at that moment. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL
#define MONOTONIC_CONDITION 2u /* in glibc's __wrefs */

static _Atomic int64_t nothing;
static _Atomic int64_t *ahead = &nothing;
static int (*real_gettime)(clockid_t, struct timespec *);
static int (*real_wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
static int (*real_threads_wait)(cnd_t *, mtx_t *, const struct timespec *);
static int (*real_clockwait)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);

__attribute__((constructor)) static void load(void)
{
    if (real_gettime)
        return;
    *(void **)&real_wait = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!real_wait)
        *(void **)&real_wait = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    *(void **)&real_threads_wait = dlsym(RTLD_NEXT, "cnd_timedwait");
    *(void **)&real_clockwait = dlsym(RTLD_NEXT, "pthread_cond_clockwait");
    *(void **)&real_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    const char *name = getenv("MARKTBUND_TEST_CLOCK");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED)
        ahead = page;
}

static struct timespec moved(const struct timespec *at, int64_t by)
{
    int64_t all = at->tv_sec * SECOND + at->tv_nsec + by;
    if (all < 0)
        all = 0;
    return (struct timespec){.tv_sec = all / SECOND, .tv_nsec = all % SECOND};
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    load();
    int failed = real_gettime(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        *now = moved(now, *ahead);
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result)
        *result = now.tv_sec;
    return now.tv_sec;
}

int timespec_get(struct timespec *now, int base)
{
    return base == TIME_UTC && !clock_gettime(CLOCK_REALTIME, now) ? base : 0;
}

int pthread_cond_timedwait(
    pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
    const struct timespec *restrict until)
{
    load();
    if (condition->__data.__wrefs & MONOTONIC_CONDITION)
        return real_wait(condition, mutex, until);
    struct timespec meant = moved(until, -*ahead);
    return real_wait(condition, mutex, &meant);
}

/* Of C11's threads, which librdkafka waits with. */
int cnd_timedwait(
    cnd_t *restrict condition, mtx_t *restrict mutex, const struct timespec *restrict until)
{
    load();
    struct timespec meant = moved(until, -*ahead);
    return real_threads_wait(condition, mutex, &meant);
}

int pthread_cond_clockwait(
    pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
    load();
    struct timespec meant = clock == CLOCK_REALTIME ? moved(until, -*ahead) : *until;
    return real_clockwait(condition, mutex, clock, &meant);
}
