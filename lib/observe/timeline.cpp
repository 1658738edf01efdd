#include "observe/timeline.hpp"

namespace orrery {

void Timeline::begin() {
  threads_.emplace_back();
  writer_.emplace();
}

void Timeline::set_threads(int threads) {
  if (threads_.empty()) return;
  while (std::ssize(threads_) < threads) threads_.emplace_back();
}

ThreadWatch Timeline::workers(Phase phase) {
  if (threads_.size() < 2) return {};
  return [this, phase](int thread, Interval worked) {
    if (thread > 0) threads_[static_cast<std::size_t>(thread)].add(phase, worked);
  };
}

std::function<void(Interval)> Timeline::writer() {
  if (!writer_) return {};
  return [this](Interval worked) { writer_->add(Phase::write, worked); };
}

void Timeline::shrink(std::size_t pieces) {
  for (Track& track : threads_) track.shrink(pieces);
  if (writer_) writer_->shrink(pieces);
}

std::size_t Timeline::bytes() const {
  std::size_t bytes = writer_ ? writer_->bytes() : 0;
  for (const Track& track : threads_) bytes += track.bytes();
  return bytes;
}

}  // namespace orrery
