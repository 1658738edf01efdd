/// Threads that are there before they are needed.
#pragma once

namespace orrery {

/// Starts the threads of parallel regions. OpenMP ends the program where it cannot start one, without a word
/// of what to do; so it is tried before.
/// @throws Error (internal) when there is no room for so many threads
void start_threads(int threads);

}  // namespace orrery
