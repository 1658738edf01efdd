/* Makes the N-th call of the file system fail: preloaded by tests of what is left of the output then.
 *
 * FAILING_CALL=N   counts from 1; 0 only counts
 * FAILING_ERRNO=E  what it fails with
 * FAILING_LASTS=1  so do all later ones, but for writes of what is in the file already, as on a full disk
 * FAILING_COUNT=F  file that the number of calls is written to at the end
 *
 * Counted are calls that concern files whose names end in .h5md, .xdmf2 or .part.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

static int concerns(const char *path) {
  const char *end = strrchr(path, '.');
  return end != NULL && (strcmp(end, ".h5md") == 0 || strcmp(end, ".xdmf2") == 0 || strcmp(end, ".part") == 0);
}

static int concerns_descriptor(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return concerns(path);
}

static long number(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : atol(text);
}

/* Whether this call fails. */
static int fails(int takes_no_room) {
  const long call = atomic_fetch_add(&calls, 1) + 1, failing = number("FAILING_CALL");
  if (failing == 0 || call < failing || (call > failing && (takes_no_room || !number("FAILING_LASTS")))) return 0;
  errno = (int)number("FAILING_ERRNO");
  return 1;
}

static int is_within(int descriptor, off_t end) {
  struct stat status;
  return fstat(descriptor, &status) == 0 && end <= status.st_size;
}

#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, #name)

#define WRITES(name, offset_type) \
  ssize_t name(int descriptor, const void *bytes, size_t size, offset_type offset) { \
    REAL(ssize_t, name, int, const void *, size_t, offset_type); \
    return concerns_descriptor(descriptor) && fails(is_within(descriptor, offset + (off_t)size)) ? -1 : real(descriptor, bytes, size, offset); \
  }
WRITES(pwrite, off_t)
WRITES(pwrite64, off64_t)

int ftruncate(int descriptor, off_t length) {
  REAL(int, ftruncate, int, off_t);
  return concerns_descriptor(descriptor) && fails(0) ? -1 : real(descriptor, length);
}
int ftruncate64(int descriptor, off64_t length) {
  REAL(int, ftruncate64, int, off64_t);
  return concerns_descriptor(descriptor) && fails(0) ? -1 : real(descriptor, length);
}
int fallocate(int descriptor, int mode, off_t at, off_t length) {
  REAL(int, fallocate, int, int, off_t, off_t);
  return concerns_descriptor(descriptor) && fails(0) ? -1 : real(descriptor, mode, at, length);
}
int fallocate64(int descriptor, int mode, off64_t at, off64_t length) {
  REAL(int, fallocate64, int, int, off64_t, off64_t);
  return concerns_descriptor(descriptor) && fails(0) ? -1 : real(descriptor, mode, at, length);
}
int fsync(int descriptor) {
  REAL(int, fsync, int);
  return concerns_descriptor(descriptor) && fails(0) ? -1 : real(descriptor);
}
int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  return concerns(to) && fails(0) ? -1 : real(from, to);
}
int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
  REAL(int, renameat2, int, const char *, int, const char *, unsigned);
  return concerns(to) && fails(0) ? -1 : real(from_directory, from, to_directory, to, flags);
}

__attribute__((destructor)) static void tell(void) {
  const char *path = getenv("FAILING_COUNT");
  FILE *file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%ld\n", atomic_load(&calls));
  fclose(file);
}
