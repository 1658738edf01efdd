/// Brings a frame from all ranks to the root's writer, slice by slice, while the ranks go on.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "core/even_split.hpp"
#include "io/frame_layout.hpp"
#include "io/frame_writer.hpp"
#include "observe/phase_clock.hpp"

namespace orrery {

/// One frame at a time: `start`, then `progress` as often as convenient, then `finish`. No rank holds more
/// than two slices beside its own particles. Rows may travel before it is known what their diagnostics come
/// to.
///
/// Rows travel in global row order: slice k is rows [k n, (k + 1) n). Each rank sends its part of a slice;
/// the root receives all parts straight into one of the writer's staging buffers and hands it over. What a
/// frame holds must not change until `finish` returns.
class FrameGather {
public:
  /// Writes some of a rank's rows, given as local row numbers, one buffer for each field.
  using Pack = std::function<void(Range local_rows, std::span<std::byte* const> fields)>;

  /// @param split   how rows are spread over ranks
  /// @param writer  on the root, nullptr elsewhere; outlives this object
  /// @param clock   charged for packing and sending, as `Phase::gather`; outlives this object
  FrameGather(const Communicator& ranks, EvenSplit split, FrameLayout layout, std::int64_t slice_rows,
              FrameWriter* writer, PhaseClock& clock);
  FrameGather(const FrameGather&) = delete;
  FrameGather& operator=(const FrameGather&) = delete;

  /// Begins to gather the constant columns. @pre nothing is under way
  void start_constant(Pack pack);
  /// Begins to gather a frame. Its last slice is held back until `describe_frame`. @pre nothing is under way
  void start_frame(Pack pack);
  /// What is written beside the rows of the frame under way. @pre a frame was started and not described
  void describe_frame(FrameHeader header);

  /// Does what can be done without waiting. Local; lets MPI make progress. On the root, throws what writing
  /// threw.
  /// @return whether the frame has left this rank (on the root: has been handed to the writer)
  bool progress();

  /// Waits until `progress` says so. Ends early when another rank failed (`Communicator::check_alarm`).
  void finish();

  /// Bytes that the buffers to send from take; 0 on the root.
  std::size_t bytes() const;
  /// Bytes that they would take on a rank that is not the root.
  static std::uint64_t send_bytes(const FrameLayout& layout, std::int64_t slice_rows);

private:
  using Buffers = std::vector<std::vector<std::byte>>;
  struct Sending {
    std::shared_ptr<Buffers> field = std::make_shared<Buffers>();
    std::vector<Request> requests;
  };

  void start(Pack pack);
  const std::vector<Field>& fields() const { return constant_ ? layout_.constant : layout_.per_frame; }
  Range rows_of_slice(std::int64_t slice) const;
  Range local(Range rows) const { return {rows.begin - mine_.begin, rows.end - mine_.begin}; }
  bool progress_receiving();
  bool progress_sending();
  void receive_slice();

  const Communicator& ranks_;
  EvenSplit split_;
  FrameLayout layout_;
  std::int64_t slice_rows_;
  std::int64_t slice_count_;
  FrameWriter* writer_;
  PhaseClock& clock_;
  Range mine_;

  bool under_way_ = false;
  bool constant_ = false;
  std::optional<FrameHeader> header_;  ///< of the frame under way, once it is known
  Pack pack_;
  std::int64_t next_slice_ = 0;

  Slice* receiving_ = nullptr;
  std::vector<Request> receives_;
  std::array<Sending, 2> sending_;
  std::size_t turn_ = 0;
};

}  // namespace orrery
