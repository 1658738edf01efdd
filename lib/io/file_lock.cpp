#include "io/file_lock.hpp"

#include <fcntl.h>

#include <cerrno>

namespace orrery {

LockAnswer lock_for_writing(int descriptor) {
  struct flock all {};  // from the start to wherever the end will be
  all.l_type = F_WRLCK;
  all.l_whence = SEEK_SET;
  int answer = 0;
  do {
    answer = fcntl(descriptor, F_OFD_SETLK, &all);
  } while (answer != 0 && errno == EINTR);
  if (answer == 0) return LockAnswer::taken;
  return errno == EAGAIN || errno == EACCES ? LockAnswer::in_use : LockAnswer::none;
}

}  // namespace orrery
