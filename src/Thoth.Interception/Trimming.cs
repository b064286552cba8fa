namespace Thoth.Interception;

/// <summary>Says what trimming and native compilation do to governed calls. Other packages link this file.</summary>
internal static class Trimming
{
    /// <summary>Warns at the members that an application calls.</summary>
    public const string NotSupported =
        "Options and arguments are read by reflection, and proxies are emitted at run time. Publish without trimming and native AOT.";
}
