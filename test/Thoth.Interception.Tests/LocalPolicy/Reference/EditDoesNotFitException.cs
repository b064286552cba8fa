namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>An edit does not fit the arguments.</summary>
internal sealed class EditDoesNotFitException : Exception;
