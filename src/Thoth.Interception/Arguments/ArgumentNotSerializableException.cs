namespace Thoth.Interception.Arguments;

/// <summary>An argument cannot be shown to the enforcer completely. What went wrong inside may quote the value, so it stays inside.</summary>
internal sealed class ArgumentNotSerializableException(string what, Exception innerException)
    : Exception(
        $"{what} cannot be shown to the enforcer completely ({innerException.GetType().Name}); give its type public members " +
        "or a JsonConverter, at most 64 levels deep and 1 MiB in size",
        innerException);
