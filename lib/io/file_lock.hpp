/// Locks by which writers of one file know of each other.
#pragma once

namespace orrery {

enum class LockAnswer {
  taken,
  in_use,  ///< another process has it
  none,    ///< there are no locks on this file system, or in this kernel
};

/// Locks a file that is open for writing, without waiting. The lock belongs to the open file and ends with
/// the last descriptor of it, however the process ends.
///
/// An open file description lock (fcntl, F_OFD_SETLK): readers with HDF5 lock by flock, which is another
/// kind, so they do not get in the way. On NFS both are one kind.
LockAnswer lock_for_writing(int descriptor);

}  // namespace orrery
