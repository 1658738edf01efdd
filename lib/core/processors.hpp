/// Which processors this process may run on.
#pragma once

#include <string>
#include <vector>

namespace orrery {

/// Numbers of the processors that the calling thread may run on, ascending.
std::vector<int> bound_processors();

/// Processors that this rank may use: those it is bound to, or, when an Open MPI launcher on this node bound
/// the rank without being asked to, those of the launcher. `mpirun -n 1` binds its rank to a single core
/// unless told otherwise, which would leave the other cores idle.
std::vector<int> launcher_processors();

/// Binds the calling thread, and those that it starts from now on, to some processors.
/// @return false when the system refuses.
bool bind_to_processors(const std::vector<int>& processors);

/// What the system calls the processor of this node, such as "AMD EPYC"; "unknown" where it does not say.
std::string processor_name();

/// A list for people, such as "0-3,8".
std::string processor_list_text(const std::vector<int>& processors);

}  // namespace orrery
