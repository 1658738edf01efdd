/// Threads that wait for work, on machines that others use too.
#pragma once

namespace orrery {

/// Makes threads that wait for work look for it briefly, and then sleep, so that they do not keep a processor
/// from others. For the very beginning of a program: GNU's OpenMP library reads its environment when the
/// program is loaded, so the program is started anew, once, in the same process, with the same arguments.
/// Returns where there is nothing to do, and where that is refused.
///
/// What the user set stays: OMP_WAIT_POLICY, GOMP_SPINCOUNT, KMP_BLOCKTIME.
/// @param argv  of main()
void wait_briefly(char** argv);

}  // namespace orrery
