namespace Thoth.Interception.AI.Tests.Support;

internal sealed class InvalidPromptException(string message) : Exception(message);
