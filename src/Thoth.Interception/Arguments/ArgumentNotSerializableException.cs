namespace Thoth.Interception.Arguments;

/// <summary>An argument cannot be serialized completely. The inner exception may quote the value, so the message does not repeat it.</summary>
internal sealed class ArgumentNotSerializableException(string what, Exception innerException)
    : Exception(
        $"{what} cannot be shown to the enforcer completely ({innerException.GetType().Name}); give its type public members " +
        "or a JsonConverter, at most 64 levels deep and 1 MiB in size",
        innerException);
