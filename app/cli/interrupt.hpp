// Ctrl-C, for commands that end in good order.
#pragma once

namespace cli {

void heed_interrupts();  // from now on SIGINT and SIGTERM end waits in system calls, and nothing else
bool interrupted();      // one of them has come

}  // namespace cli
