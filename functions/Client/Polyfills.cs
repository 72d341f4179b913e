#if !NET
namespace System.Runtime.CompilerServices;

static class IsExternalInit
{
}
#endif
