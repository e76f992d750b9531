"""The API 接口: other programs do the same acts and ask the same questions as the desk, by a token instead of a session.

An act is sent under the id its line will have: sent again, it is done once. Answers are JSON, refusals are problem
documents (RFC 9457) in the words the desk uses, and the OpenAPI document is made from the acts themselves.
"""
