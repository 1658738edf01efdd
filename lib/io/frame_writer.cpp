#include "io/frame_writer.hpp"

#include <algorithm>
#include <utility>

#include "core/aligned_vector.hpp"
#include "core/processors.hpp"

namespace orrery {

std::uint64_t FrameWriter::staging_bytes(const FrameLayout& layout, std::int64_t slice_rows) {
  std::uint64_t bytes = 0;
  for (const auto* fields : {&layout.constant, &layout.per_frame})
    bytes = std::max<std::uint64_t>(bytes, row_bytes(*fields));
  return 2 * bytes * static_cast<std::uint64_t>(slice_rows);
}

std::size_t FrameWriter::bytes() const {
  std::size_t bytes = 0;
  for (const auto& slice : slices_) bytes += bytes_of(slice.field);
  return bytes;
}

FrameWriter::FrameWriter(TrajectoryFile file, const FrameLayout& layout, std::int64_t slice_rows,
                         std::vector<int> processors, Watch watch)
    : file_(std::move(file)),
      processors_(std::move(processors)),
      watch_(std::move(watch)),
      constant_fields_(layout.constant.size()),
      frame_fields_(layout.per_frame.size()) {
  const std::size_t fields = std::max(constant_fields_, frame_fields_);
  for (auto& slice : slices_) {
    slice.field.resize(fields);
    for (std::size_t index = 0; index < fields; ++index) {
      std::size_t bytes = 0;
      if (index < layout.constant.size()) bytes = layout.constant[index].row_bytes();
      if (index < layout.per_frame.size()) bytes = std::max(bytes, layout.per_frame[index].row_bytes());
      slice.field[index].resize(bytes * static_cast<std::size_t>(slice_rows));
    }
    free_.push_back(&slice);
  }
  thread_ = std::thread(&FrameWriter::work, this);
}

FrameWriter::~FrameWriter() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Slice* FrameWriter::try_acquire() {
  const std::scoped_lock lock(mutex_);
  rethrow_failure();
  if (free_.empty()) return nullptr;
  Slice* slice = free_.front();
  free_.pop_front();
  return slice;
}

void FrameWriter::submit(Slice* slice) {
  {
    const std::scoped_lock lock(mutex_);
    submitted_.push_back(slice);
  }
  changed_.notify_all();
}

std::vector<FrameHeader> FrameWriter::take_finished_frames() {
  const std::scoped_lock lock(mutex_);
  rethrow_failure();
  return std::exchange(finished_, {});
}

void FrameWriter::finish() {
  {
    const std::scoped_lock lock(mutex_);
    drain_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  const std::scoped_lock lock(mutex_);
  rethrow_failure();
}

void FrameWriter::add_timing(const RunTiming& timing) {
  do_last([&] { file_.write_timing(timing); });
}

void FrameWriter::close() {
  finish();
  do_last([this] { file_.close(); });
}

/// Something with the file when the thread is done with it.
template <class Action>
void FrameWriter::do_last(const Action& action) {
  const auto begin = Interval::Clock::now();
  try {
    action();
  } catch (...) {
    file_.abandon();
    throw;
  }
  const std::scoped_lock lock(mutex_);
  write_seconds_ += tell_of_writing_since(begin);
}

double FrameWriter::write_seconds() const {
  const std::scoped_lock lock(mutex_);
  return write_seconds_;
}

/// @return how long that was [s]
double FrameWriter::tell_of_writing_since(Interval::Clock::time_point begin) const {
  const auto end = Interval::Clock::now();
  if (watch_) watch_({begin, end});
  return std::chrono::duration<double>(end - begin).count();
}

void FrameWriter::rethrow_failure() const {
  if (failure_) std::rethrow_exception(failure_);
}

void FrameWriter::work() {
  start_hdf5();
  if (!processors_.empty()) bind_to_processors(processors_);  // where this is refused, it shares
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || drain_ || !submitted_.empty(); });
    if (stop_ || submitted_.empty()) return;
    Slice* const slice = submitted_.front();
    submitted_.pop_front();

    lock.unlock();
    const auto begin = Interval::Clock::now();
    std::exception_ptr failure;
    try {
      write(*slice);
    } catch (...) {
      failure = std::current_exception();
    }
    const double seconds = tell_of_writing_since(begin);
    lock.lock();

    write_seconds_ += seconds;
    if (failure) {
      file_.abandon();
      failure_ = failure;
      return;
    }
    if (slice->last_of_frame && !slice->constant) finished_.push_back(slice->header);
    free_.push_back(slice);
  }
}

void FrameWriter::write(const Slice& slice) {
  if (slice.constant) {
    for (std::size_t field = 0; field < constant_fields_; ++field) {
      file_.write_constant(field, slice.first_row, slice.row_count, slice.field[field].data());
    }
    return;
  }
  if (slice.first_of_frame) file_.start_frame();
  for (std::size_t field = 0; field < frame_fields_; ++field) {
    file_.write_rows(field, slice.first_row, slice.row_count, slice.field[field].data());
  }
  if (slice.last_of_frame) file_.finish_frame(slice.header);
}

}  // namespace orrery
