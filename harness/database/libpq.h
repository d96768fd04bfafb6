// libpq, loaded when a database is first spoken to. Linked, it would bring some twenty libraries (Kerberos, LDAP, TLS) into
// every start of exitgate: 3.4 of 7.7 ms of processor time.
//
// In this namespace each function of libpq that is used here has its own name and signature, and is called as ever. The
// first call throws Undecided when the library, or the function in it, is missing.
#pragma once

#include <libpq-fe.h>

#include <atomic>

namespace exitgate::database {

// The function's address in libpq. Throws Undecided.
void* find_in_libpq(const char* function);

template <typename Signature>
class LoadedFunction;

template <typename Result, typename... Parameters>
class LoadedFunction<Result(Parameters...)> {
 public:
  explicit constexpr LoadedFunction(const char* name) : name_(name) {}

  Result operator()(Parameters... parameters) {
    auto* function = function_.load(std::memory_order_relaxed);
    if (function == nullptr) {
      function = reinterpret_cast<Result (*)(Parameters...)>(find_in_libpq(name_));
      function_.store(function, std::memory_order_relaxed);
    }
    return function(parameters...);
  }

 private:
  const char* name_;
  std::atomic<Result (*)(Parameters...)> function_{nullptr};
};

#define EXITGATE_FROM_LIBPQ(function)                    \
  inline LoadedFunction<decltype(::function)> function { \
#function                                            \
  }
EXITGATE_FROM_LIBPQ(PQclear);
EXITGATE_FROM_LIBPQ(PQconnectPoll);
EXITGATE_FROM_LIBPQ(PQconnectStartParams);
EXITGATE_FROM_LIBPQ(PQconninfoFree);
EXITGATE_FROM_LIBPQ(PQconninfoParse);
EXITGATE_FROM_LIBPQ(PQconsumeInput);
EXITGATE_FROM_LIBPQ(PQdb);
EXITGATE_FROM_LIBPQ(PQerrorMessage);
EXITGATE_FROM_LIBPQ(PQescapeIdentifier);
EXITGATE_FROM_LIBPQ(PQescapeLiteral);
EXITGATE_FROM_LIBPQ(PQfinish);
EXITGATE_FROM_LIBPQ(PQflush);
EXITGATE_FROM_LIBPQ(PQfreemem);
EXITGATE_FROM_LIBPQ(PQgetCopyData);
EXITGATE_FROM_LIBPQ(PQgetResult);
EXITGATE_FROM_LIBPQ(PQgetisnull);
EXITGATE_FROM_LIBPQ(PQgetlength);
EXITGATE_FROM_LIBPQ(PQgetvalue);
EXITGATE_FROM_LIBPQ(PQisBusy);
EXITGATE_FROM_LIBPQ(PQnfields);
EXITGATE_FROM_LIBPQ(PQntuples);
EXITGATE_FROM_LIBPQ(PQparameterStatus);
EXITGATE_FROM_LIBPQ(PQresultErrorField);
EXITGATE_FROM_LIBPQ(PQresultErrorMessage);
EXITGATE_FROM_LIBPQ(PQresultStatus);
EXITGATE_FROM_LIBPQ(PQsendQuery);
EXITGATE_FROM_LIBPQ(PQsendQueryParams);
EXITGATE_FROM_LIBPQ(PQserverVersion);
EXITGATE_FROM_LIBPQ(PQsetNoticeProcessor);
EXITGATE_FROM_LIBPQ(PQsetnonblocking);
EXITGATE_FROM_LIBPQ(PQsocket);
EXITGATE_FROM_LIBPQ(PQstatus);
#undef EXITGATE_FROM_LIBPQ

}  // namespace exitgate::database
