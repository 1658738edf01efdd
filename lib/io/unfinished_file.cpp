#include "io/unfinished_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "core/error.hpp"
#include "io/file_lock.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// Names of files that a signal handler is to remove. The thread that takes a name out of its slot owns it.
std::array<std::atomic<char*>, 64> unfinished;
/// The process that made them: a child that it forks leaves them alone.
std::atomic<pid_t> maker{0};

/// @return the slot, or -1 where all are taken
int enter(const std::string& name) {
  maker = getpid();
  char* const copy = strdup(name.c_str());
  if (copy == nullptr) return -1;
  for (std::size_t slot = 0; slot < unfinished.size(); ++slot) {
    char* empty = nullptr;
    if (unfinished[slot].compare_exchange_strong(empty, copy)) return static_cast<int>(slot);
  }
  std::free(copy);
  return -1;
}

void leave(int slot) {
  if (slot >= 0) std::free(unfinished[static_cast<std::size_t>(slot)].exchange(nullptr));
}

/// Letters that cannot be guessed.
std::string random_letters() {
  static constexpr char letters[] = "0123456789abcdefghijklmnopqrstuv";
  std::array<unsigned char, 12> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw Error(ExitCode::output,
                std::string("no random letters for the name of a file: ") + system_message(errno));
  std::string text;
  for (const unsigned char byte : bytes) text += letters[byte % 32];
  return text;
}

/// A name beside a file; what stands before its end says whose it is.
std::string name_beside(const std::string& path) {
  const std::string end = std::string(".").append(random_letters()).append(".part");
  const fs::path file(path);
  return (file.parent_path() / (file.filename().string().substr(0, NAME_MAX - end.size()) + end)).string();
}

[[noreturn]] void refuse_file(const std::string& option, const std::string& path,
                              const std::string& problem) {
  throw Error(ExitCode::output,
              "cannot write " + option + (option.empty() ? "'" : " '") + path + "': " + problem);
}

fs::path directory_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// Whether a link is the kernel's, such as /proc/self/fd/1, which leads to an open file and not to a name.
bool is_of_kernel(const fs::path& link) {
  struct statfs system {};
  return statfs(directory_of(link).c_str(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

/// Whether anybody could have put a link there for others to step on.
bool is_planted(const fs::path& link, const struct stat& status) {
  struct stat directory {};
  if (stat(directory_of(link).c_str(), &directory) != 0) return false;
  constexpr mode_t shared = S_ISVTX | S_IWOTH;
  return (directory.st_mode & shared) == shared && status.st_uid != geteuid() &&
         status.st_uid != directory.st_uid;
}

/// Renames, unless the new name is taken. @return errno, or 0
int rename_to_free_name(const std::string& from, const std::string& to) {
  const auto has_no_way = [](int error) {
    return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EPERM;
  };
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (!has_no_way(errno)) return errno;
  if (link(from.c_str(), to.c_str()) == 0) {
    unlink(from.c_str());
    return 0;
  }
  if (!has_no_way(errno)) return errno;
  struct stat status {};
  if (lstat(to.c_str(), &status) == 0) return EEXIST;
  return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

void Descriptor::reset() {
  static_cast<void>(close());
}

int Descriptor::close() {
  const int number = std::exchange(number_, -1);
  return number >= 0 && ::close(number) != 0 ? errno : 0;
}

std::string end_of_links(const std::string& option, const std::string& path) {
  constexpr int most_links = 40;  // as many as the kernel follows
  fs::path file(path);
  for (int links = 0; links <= most_links; ++links) {
    struct stat status {};
    if (lstat(file.c_str(), &status) != 0 || !S_ISLNK(status.st_mode) || is_of_kernel(file))
      return file.string();
    if (is_planted(file, status))
      refuse_file(option, path,
                  std::string("'").append(file).append(
                      "' is a link of another user, in a directory that all may write to"));
    std::error_code error;
    const fs::path next = fs::read_symlink(file, error);
    if (error) refuse_file(option, path, error.message());
    file = next.is_absolute() ? next : file.parent_path() / next;
  }
  refuse_file(option, path, system_message(ELOOP));
}

bool is_written_in_place(const std::string& target) {
  struct stat status {};
  return stat(target.c_str(), &status) == 0 && (!S_ISREG(status.st_mode) || is_of_kernel(target));
}

bool is_named(const std::string& path, int descriptor) {
  struct stat named {
  }, open{};
  return stat(path.c_str(), &named) == 0 && fstat(descriptor, &open) == 0 && named.st_ino == open.st_ino &&
         named.st_dev == open.st_dev;
}

UnfinishedFile::UnfinishedFile(std::string option, std::string path, Replacing replacing)
    : option_(std::move(option)), path_(std::move(path)), replacing_(std::move(replacing)) {
  target_ = end_of_links(option_, path_);
  if (is_written_in_place(target_)) {
    part_path_ = target_;
    file_ = Descriptor(open(target_.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC));
    if (!file_) refuse(errno);
    is_finished_ = true;
    return;
  }
  claim();
  create();
}

UnfinishedFile::~UnfinishedFile() {
  if (!is_finished_ && file_) unlink(part_path_.c_str());
  leave(slot_);
}

void UnfinishedFile::create() {
  constexpr int tries = 100;
  for (int attempt = 0; !file_ && attempt < tries; ++attempt) {
    part_path_ = name_beside(target_);
    // Entered first: a signal between making and entering would leave the file.
    slot_ = enter(part_path_);
    file_ = Descriptor(open(part_path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (file_) break;
    const int error = errno;
    leave(std::exchange(slot_, -1));
    if (error != EEXIST && error != EINTR) refuse(error);
  }
  if (!file_) refuse(EEXIST);
  lock_for_writing(file_.get());
}

/// Locks what is there under the name, if anything is.
void UnfinishedFile::claim() {
  while (true) {
    replaced_ = Descriptor(open(target_.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!replaced_ && errno == ENOENT) return;
    if (!replaced_) refuse(errno);
    if (!replacing_.allowed) {
      refuse("it exists; choose another name" +
             (replacing_.option.empty() ? std::string() : " or set " + replacing_.option));
    }
    if (lock_for_writing(replaced_.get()) == LockAnswer::in_use)
      refuse("another run is writing it; wait for that, or choose another name");
    // Another run may have put a new one in its place just now.
    if (is_named(target_, replaced_.get())) return;
  }
}

/// @return errno, or 0
int UnfinishedFile::take_name() {
  while (true) {
    if (replaced_ && is_named(target_, replaced_.get()))
      return std::rename(part_path_.c_str(), target_.c_str()) == 0 ? 0 : errno;
    replaced_.reset();
    const int error = rename_to_free_name(part_path_, target_);
    if (error != EEXIST) return error;
    claim();
  }
}

void UnfinishedFile::finish() {
  if (is_finished_) return;
  if (const int error = take_name(); error != 0) refuse(error);
  is_finished_ = true;
  leave(std::exchange(slot_, -1));
  replaced_.reset();
}

void UnfinishedFile::remove_all() noexcept {
  if (maker != getpid()) return;
  for (auto& name : unfinished)
    if (const char* const taken = name.exchange(nullptr)) unlink(taken);
}

void UnfinishedFile::refuse(const std::string& problem) const {
  refuse_file(option_, path_, problem);
}

void UnfinishedFile::refuse(int error_number) const {
  refuse(system_message(error_number));
}

}  // namespace orrery
