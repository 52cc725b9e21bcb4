// bench-hello SOCKET WORKERS: the least that a program can do with libfcgi's own loop, a connection for each request.
// The parameter BODY_BYTES says how long the answer shall be. A ceiling for `make bench`, and nothing else.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fcgiapp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

void serve(int socket) {
  FCGX_Init();
  FCGX_Request request;
  FCGX_InitRequest(&request, socket, 0);
  while (FCGX_Accept_r(&request) == 0) {
    const char* bytes = FCGX_GetParam("BODY_BYTES", request.envp);
    const std::string body(bytes == nullptr ? 15 : std::strtoul(bytes, nullptr, 10), 'x');
    FCGX_FPrintF(request.out, "Content-Type: text/plain\r\nContent-Length: %u\r\n\r\n",
                 static_cast<unsigned>(body.size()));
    FCGX_PutStr(body.data(), static_cast<int>(body.size()), request.out);
    FCGX_Finish_r(&request);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench-hello SOCKET WORKERS\n", stderr);
    return 2;
  }
  FCGX_Init();
  umask(0);
  const int socket = FCGX_OpenSocket(argv[1], 1024);
  if (socket < 0) return 1;
  for (int i = std::atoi(argv[2]); i > 0; --i)
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      serve(socket);
      _exit(0);
    }
  while (wait(nullptr) > 0) {
  }
}
