#include "output/frame_gather.hpp"

#include <algorithm>
#include <utility>

#include "core/aligned_vector.hpp"
#include "core/error.hpp"

namespace orrery {
namespace {

bool all_done(std::vector<Request>& requests) {
  const bool done =
      std::all_of(requests.begin(), requests.end(), [](Request& request) { return request.done(); });
  if (done) requests.clear();
  return done;
}

}  // namespace

FrameGather::FrameGather(const Communicator& ranks, EvenSplit split, FrameLayout layout,
                         std::int64_t slice_rows, FrameWriter* writer, PhaseClock& clock)
    : ranks_(ranks),
      split_(split),
      layout_(std::move(layout)),
      slice_rows_(slice_rows),
      // Without particles a frame still is a frame: one slice of no rows.
      slice_count_(std::max<std::int64_t>(1, (split.items() + slice_rows - 1) / slice_rows)),
      writer_(writer),
      clock_(clock),
      mine_(split.part(ranks.rank())) {
  if (writer_ != nullptr) return;
  const std::int64_t most_rows = std::min(slice_rows, mine_.size());
  for (auto& sending : sending_) {
    sending.field->resize(std::max(layout_.constant.size(), layout_.per_frame.size()));
    for (const auto* fields : {&layout_.constant, &layout_.per_frame}) {
      for (std::size_t index = 0; index < fields->size(); ++index) {
        auto& buffer = (*sending.field)[index];
        buffer.resize(
            std::max(buffer.size(), (*fields)[index].row_bytes() * static_cast<std::size_t>(most_rows)));
      }
    }
  }
}

std::size_t FrameGather::bytes() const {
  std::size_t bytes = 0;
  for (const auto& sending : sending_) bytes += bytes_of(*sending.field);
  return bytes;
}

std::uint64_t FrameGather::send_bytes(const FrameLayout& layout, std::int64_t slice_rows) {
  return FrameWriter::staging_bytes(layout, slice_rows);
}

void FrameGather::start_constant(Pack pack) {
  constant_ = true;
  start(std::move(pack));
}

void FrameGather::start_frame(Pack pack) {
  constant_ = false;
  start(std::move(pack));
}

void FrameGather::describe_frame(FrameHeader header) {
  ensure(!constant_ && !header_, "a frame is described once");
  header_ = std::move(header);
}

void FrameGather::start(Pack pack) {
  ensure(!under_way_, "one frame is gathered at a time");
  under_way_ = true;
  header_.reset();
  pack_ = std::move(pack);
  next_slice_ = writer_ != nullptr || mine_.empty() ? 0 : mine_.begin / slice_rows_;
  progress();
}

Range FrameGather::rows_of_slice(std::int64_t slice) const {
  return {slice * slice_rows_, std::min((slice + 1) * slice_rows_, split_.items())};
}

bool FrameGather::progress() {
  if (!under_way_) return true;
  const auto timing = clock_.in(Phase::gather);
  const bool done = writer_ != nullptr ? progress_receiving() : progress_sending();
  if (done) under_way_ = false;
  return done;
}

void FrameGather::finish() {
  ranks_.wait_until([this] { return progress(); });
}

bool FrameGather::progress_receiving() {
  while (true) {
    if (receiving_ != nullptr) {
      if (!all_done(receives_)) return false;
      if (receiving_->last_of_frame && !constant_) {
        if (!header_) return false;
        receiving_->header = *header_;
      }
      writer_->submit(std::exchange(receiving_, nullptr));
      ++next_slice_;
    }
    if (next_slice_ == slice_count_) return true;
    receiving_ = writer_->try_acquire();
    if (receiving_ == nullptr) return false;
    receive_slice();
  }
}

void FrameGather::receive_slice() {
  const Range rows = rows_of_slice(next_slice_);
  Slice& slice = *receiving_;
  slice.constant = constant_;
  slice.first_of_frame = next_slice_ == 0;
  slice.last_of_frame = next_slice_ == slice_count_ - 1;
  slice.first_row = rows.begin;
  slice.row_count = rows.size();
  if (rows.empty()) return;

  const int last_owner = split_.owner(rows.end - 1);
  for (int owner = split_.owner(rows.begin); owner <= last_owner; ++owner) {
    const Range part = overlap(rows, split_.part(owner));
    std::vector<std::byte*> places;
    for (std::size_t field = 0; field < fields().size(); ++field) {
      const std::size_t row_bytes = fields()[field].row_bytes();
      std::byte* const place =
          slice.field[field].data() + static_cast<std::size_t>(part.begin - rows.begin) * row_bytes;
      if (owner != ranks_.rank()) {
        receives_.push_back(ranks_.start_receive({place, static_cast<std::size_t>(part.size()) * row_bytes},
                                                 owner, Tag::frame));
      }
      places.push_back(place);
    }
    if (owner == ranks_.rank()) pack_(local(part), places);
  }
}

bool FrameGather::progress_sending() {
  while (next_slice_ < slice_count_) {
    const Range part = overlap(rows_of_slice(next_slice_), mine_);
    if (part.empty()) break;  // slices are in row order: this rank's rows are all on their way
    Sending& sending = sending_[turn_];
    if (!all_done(sending.requests)) return false;
    std::vector<std::byte*> places;
    for (auto& buffer : *sending.field) places.push_back(buffer.data());
    pack_(local(part), std::span(places).first(fields().size()));
    for (std::size_t field = 0; field < fields().size(); ++field) {
      const std::size_t bytes = fields()[field].row_bytes() * static_cast<std::size_t>(part.size());
      sending.requests.push_back(
          ranks_.start_send({(*sending.field)[field].data(), bytes}, 0, Tag::frame, sending.field));
    }
    turn_ = 1 - turn_;
    ++next_slice_;
  }
  const bool first_sent = all_done(sending_[0].requests);
  const bool second_sent = all_done(sending_[1].requests);
  return first_sent && second_sent;
}

}  // namespace orrery
