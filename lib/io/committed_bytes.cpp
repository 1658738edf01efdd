#include "io/committed_bytes.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>
#include <vector>

#include "io/write_all.hpp"

namespace orrery {

int CommittedBytes::read_file(std::uint64_t at, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) break;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    at += static_cast<std::uint64_t>(count);
  }
  std::fill(bytes.begin(), bytes.end(), std::byte{0});
  return 0;
}

int CommittedBytes::read(std::uint64_t at, std::span<std::byte> bytes) const {
  if (const int error = read_file(at, bytes); error != 0) return error;
  const std::uint64_t end = std::min(at + bytes.size(), held_end());
  for (auto page = held_.lower_bound(at / page_bytes); page != held_.end(); ++page) {
    const std::uint64_t begin = page->first * page_bytes;
    if (begin >= end) break;
    const std::uint64_t from = std::max(at, begin), to = std::min(end, begin + page_bytes);
    if (from < to)
      std::copy_n(page->second.begin() + static_cast<std::ptrdiff_t>(from - begin), to - from,
                  bytes.begin() + static_cast<std::ptrdiff_t>(from - at));
  }
  return 0;
}

/// Writes into pages in memory.
int CommittedBytes::hold(std::uint64_t at, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const std::uint64_t number = at / page_bytes, offset = at % page_bytes;
    auto page = held_.find(number);
    if (page == held_.end()) {
      Page contents;
      if (const int error = read_file(number * page_bytes, contents); error != 0) return error;
      try {
        page = held_.emplace(number, contents).first;
      } catch (const std::bad_alloc&) {
        return ENOMEM;
      }
    }
    const std::size_t count = std::min<std::uint64_t>(bytes.size(), page_bytes - offset);
    std::copy_n(bytes.begin(), count, page->second.begin() + static_cast<std::ptrdiff_t>(offset));
    bytes = bytes.subspan(count);
    at += count;
  }
  return 0;
}

/// A file that another process has cut would get a hole by a write behind that.
int CommittedBytes::check_end() const {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) return errno;
  return static_cast<std::uint64_t>(status.st_size) < end_ ? ESTALE : 0;
}

int CommittedBytes::noted(int error) {
  if (error_ == 0) error_ = error;
  return error;
}

int CommittedBytes::write(std::uint64_t at, std::span<const std::byte> bytes) {
  const std::uint64_t end = at + bytes.size();
  const std::uint64_t before = at < held_end() ? std::min<std::uint64_t>(bytes.size(), held_end() - at) : 0;
  if (const int error = hold(at, bytes.first(before)); error != 0) return noted(error);
  if (before < bytes.size()) {
    if (const int error = check_end(); error != 0) return noted(error);
    if (const int error = write_all(descriptor_, at + before, bytes.subspan(before)); error != 0)
      return noted(error);
    end_ = std::max(end_, end);
  }
  size_ = std::max(size_, end);
  return 0;
}

int CommittedBytes::resize(std::uint64_t size) {
  if (size == size_ || size < committed_) return 0;
  if (!is_frozen_) {
    if (const int error = check_end(); error != 0) return noted(error);
    if (ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return noted(errno);
    end_ = size;
  }
  size_ = size;
  if (is_frozen_ || lead_ <= size_) return 0;
  return noted(lead(std::exchange(lead_, 0) - size_));
}

int CommittedBytes::commit(std::uint64_t last) {
  struct Piece {
    std::uint64_t at;
    std::vector<std::byte> bytes;
    std::vector<std::byte> before{};
  };
  std::vector<Piece> pieces;
  int error = error_;
  try {
    const auto piece_of = [&](std::uint64_t number, const Page& page) {
      const std::uint64_t at = number * page_bytes;
      const auto count = static_cast<std::ptrdiff_t>(std::min(page_bytes, committed_ - at));
      return Piece{.at = at, .bytes = {page.begin(), page.begin() + count}};
    };
    for (const auto& [number, page] : held_) {
      if (number == last / page_bytes) continue;
      Piece piece = piece_of(number, page);
      if (!pieces.empty() && pieces.back().at + pieces.back().bytes.size() == piece.at)
        pieces.back().bytes.insert(pieces.back().bytes.end(), piece.bytes.begin(), piece.bytes.end());
      else
        pieces.push_back(std::move(piece));
    }
    if (const auto page = held_.find(last / page_bytes); page != held_.end())
      pieces.push_back(piece_of(page->first, page->second));
    for (Piece& piece : pieces) {
      piece.before.resize(piece.bytes.size());
      if (error == 0) error = read_file(piece.at, piece.before);
    }
  } catch (const std::bad_alloc&) {
    error = ENOMEM;
  }
  if (error != 0) return error;
  for (auto piece = pieces.begin(); piece != pieces.end(); ++piece) {
    error = write_all(descriptor_, piece->at, piece->bytes);
    if (error == 0) continue;
    for (auto back = piece + 1; back != pieces.begin();) {
      --back;
      static_cast<void>(write_all(descriptor_, back->at, back->before));
    }
    return error;
  }
  held_.clear();
  committed_ = size_;
  return 0;
}

int CommittedBytes::lead(std::uint64_t bytes) {
  struct stat status {};
  const std::uint64_t wanted = size_ + bytes;
  if (fstat(descriptor_, &status) != 0) return errno;
  const auto found = static_cast<std::uint64_t>(status.st_size);
  if (found < std::max(end_, lead_)) return ESTALE;
  if (found >= wanted) return 0;
  if (ftruncate(descriptor_, static_cast<off_t>(wanted)) != 0) return errno == EFBIG ? 0 : errno;
  lead_ = wanted;
  return 0;
}

void CommittedBytes::freeze() {
  if (is_frozen_) return;
  // Behind the last state, the page that it ends in is so far only in the file.
  const std::uint64_t offset = committed_ % page_bytes;
  if (const auto page = held_.find(committed_ / page_bytes); page != held_.end())
    static_cast<void>(read_file(committed_, std::span(page->second).subspan(offset)));
  is_frozen_ = true;
}

int CommittedBytes::restore() const {
  return ftruncate(descriptor_, static_cast<off_t>(committed_)) == 0 ? 0 : errno;
}

}  // namespace orrery
