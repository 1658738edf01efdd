/// Whether a person is watching.
#pragma once

namespace orrery {

/// Whether what this process prints ends up on a terminal. An MPI launcher puts a pseudo-terminal or a pipe
/// between its ranks and itself, so it is the launcher's own output that counts.
bool output_is_watched();

}  // namespace orrery
